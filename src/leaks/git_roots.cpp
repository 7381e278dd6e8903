// What a repository's history begins at: branches, tags, stash, reflogs and what else names a
// commit.
#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "leaks/git_repository.hpp"
#include "leaks/pack_search.hpp"

namespace locksmith::leaks {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t largest_text = 256 << 20;
constexpr int deepest = 32;

class Roots {
 public:
  Roots(const Repository& repository, std::vector<SkippedObjects>& skipped)
      : repository_(repository), skipped_(skipped) {}

  std::vector<Root> read() {
    for (const auto& dir : repository_.worktree_dirs) {
      const fs::path folder(dir);
      each_file(folder / "refs", "refs", [&](const fs::path& path, const std::string& name) {
        add_line(text_of(path), name);
      });
      each_file(folder / "logs", "", [&](const fs::path& path, const std::string& name) {
        add_log(text_of(path), reach_of_log(name));
      });
      add_heads(folder);
    }
    each_line(text_of(fs::path(repository_.common_dir) / "packed-refs"),
              [&](std::string_view line) {
                const auto space = line.find(' ');
                if (space != line.npos) add_line(line, std::string(line.substr(space + 1)));
              });
    return std::move(roots_);
  }

 private:
  std::string text_of(const fs::path& path) {
    auto text = base::read_regular_file(path.string(), largest_text);
    std::error_code error;
    if (!text && fs::exists(path, error))
      add_skipped(skipped_, "refs", path.filename().string() + " cannot be read");
    return std::move(text).value_or("");
  }

  template <class F>
  void each_line(const std::string& text, F&& on_line) {
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      on_line(std::string_view(text).substr(at, end - at));
      at = end + 1;
    }
  }

  template <class F>
  void each_file(const fs::path& folder, const std::string& name, F&& on_file, int depth = 0) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return;
    if (depth > deepest) return add_skipped(skipped_, "refs", "nested too deeply");
    for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
      const auto below = name + "/" + i->path().filename().string();
      std::error_code other;
      if (i->is_symlink(other)) continue;
      if (i->is_directory(other))
        each_file(i->path(), below, on_file, depth + 1);
      else if (i->is_regular_file(other))
        on_file(i->path(), below);
    }
    if (error) add_skipped(skipped_, "refs", "a folder cannot be read");
  }

  void add(std::string_view hex, std::uint8_t reach, std::string name) {
    const auto id = ObjectId::from_hex(hex, repository_.hash_size);
    if (id && !id->null()) roots_.push_back({*id, reach, std::move(name)});
  }

  // A symbolic ref names another one, which is read as well.
  void add_line(std::string_view line, std::string name) {
    struct Kind {
      std::string_view prefix;
      Reach reach;
    };
    constexpr Kind kinds[] = {{"refs/heads/", by_branch},
                              {"refs/remotes/", by_remote},
                              {"refs/tags/", by_tag},
                              {"refs/stash", by_stash}};
    for (const auto& [prefix, reach] : kinds)
      if (name.starts_with(prefix))
        return add(line, reach, reach == by_stash ? "stash" : name.substr(prefix.size()));
    add(line, by_other, std::move(name));
  }

  // What a remote branch once was somebody may still have, though it was overwritten.
  static std::uint8_t reach_of_log(const std::string& name) {
    if (name.starts_with("/refs/stash")) return by_stash;
    return name.starts_with("/refs/remotes/") ? by_reflog | by_remote : by_reflog;
  }

  // gitrepository-layout(5), logs: "OLD NEW who when what".
  void add_log(const std::string& text, std::uint8_t reach) {
    const auto hex = 2 * repository_.hash_size;
    each_line(text, [&](std::string_view line) {
      add(line, reach, "");
      if (line.size() > hex) add(line.substr(hex + 1), reach, "");
    });
  }

  // HEAD, ORIG_HEAD, FETCH_HEAD, MERGE_HEAD and the like.
  void add_heads(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
      const auto name = i->path().filename().string();
      std::error_code other;
      if (!name.ends_with("HEAD") || !i->is_regular_file(other)) continue;
      each_line(text_of(i->path()), [&](std::string_view line) { add(line, by_other, name); });
    }
  }

  const Repository& repository_;
  std::vector<SkippedObjects>& skipped_;
  std::vector<Root> roots_;
};

}  // namespace

std::vector<Root> roots_of(const Repository& repository, std::vector<SkippedObjects>& skipped) {
  return Roots(repository, skipped).read();
}

}  // namespace locksmith::leaks
