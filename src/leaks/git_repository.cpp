#include "leaks/git_repository.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/file.hpp"
#include "base/text.hpp"
#include "leaks/pack_search.hpp"

namespace locksmith::leaks {
namespace fs = std::filesystem;
namespace {

constexpr int most_alternates = 64, deepest_modules = 8;
constexpr std::size_t largest_text = 256 << 20;  // packed-refs and reflogs of large repositories

std::string text_of(const fs::path& path) {
  return base::read_regular_file(path.string(), largest_text).value_or("");
}
std::string first_line(const fs::path& path) {
  const auto text = text_of(path);
  return std::string(base::trim(std::string_view(text).substr(0, text.find('\n'))));
}
bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}
bool is_git_dir(const fs::path& path) {
  std::error_code error;
  return (fs::exists(path / "HEAD", error) || fs::is_symlink(path / "HEAD", error)) &&
         (is_folder(path / "objects") || fs::exists(path / "commondir", error));
}

// gitrepository-layout(5), objects/info/alternates: one path a line, relative to the objects.
void add_objects(Repository& repository, const fs::path& folder) {
  std::error_code error;
  const auto real = fs::weakly_canonical(folder, error).string();
  if (error || !is_folder(real))
    return add_skipped(repository.skipped, "alternate", "not there or not readable");
  auto& known = repository.object_dirs;
  if (std::ranges::find(known, real) != known.end()) return;  // a loop, too
  if (known.size() >= most_alternates)
    return add_skipped(repository.skipped, "alternate", "too many of them");
  known.push_back(real);
  const auto text = text_of(fs::path(real) / "info/alternates");
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && line[0] != '#') add_objects(repository, fs::path(real) / line);
  }
}

// The two settings that matter; git-config(1) ignores the case of both parts.
void read_config(Repository& repository) {
  std::string section;
  const auto text = base::lower(text_of(fs::path(repository.common_dir) / "config"));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = base::trim(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (line.starts_with('[')) section = line.substr(1, line.find_first_of(" ]\"") - 1);
    const auto name = base::trim(line.substr(0, line.find('=')));
    const auto value = base::trim(
        line.substr(std::min(line.size(), line.find('=')) + (line.find('=') == line.npos ? 0 : 1)));
    if (section == "extensions" && name == "objectformat" && value == "sha256")
      repository.hash_size = 32;
    if (section == "extensions" && name == "partialclone") repository.partial = true;
    if (section == "remote" && name == "promisor" && value != "false") repository.partial = true;
  }
}

void read_shallow(Repository& repository) {
  const auto text = text_of(fs::path(repository.common_dir) / "shallow");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    if (const auto id = ObjectId::from_hex(std::string_view(text).substr(at), repository.hash_size))
      repository.shallow.insert(*id);
    if (text.find('\n', at) == text.npos) break;
  }
}

// Folders below `folder`, in order.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    std::error_code other;
    if (i->is_directory(other) && !i->is_symlink(other)) out.push_back(i->path());
  }
  std::ranges::sort(out);
  return out;
}

// A submodule's name may have slashes, and a submodule may have submodules.
void add_modules(const fs::path& modules, const std::string& prefix, int depth,
                 std::vector<Repository>& out, std::vector<SkippedObjects>& skipped) {
  if (depth > deepest_modules) return add_skipped(skipped, "submodule", "nested too deeply");
  for (const auto& folder : folders_in(modules)) {
    const auto name = prefix + folder.filename().string();
    if (!is_git_dir(folder)) {
      add_modules(folder, name + "/", depth + 1, out, skipped);
      continue;
    }
    if (auto repository = open_repository(folder.string())) {
      repository->name = name;
      out.push_back(std::move(*repository));
    } else {
      add_skipped(skipped, "submodule " + name, repository.error().message);
    }
    add_modules(folder / "modules", name + "/", depth + 1, out, skipped);
  }
}

}  // namespace

std::optional<std::string> git_dir_of(const std::string& path) {
  const fs::path given(path), inside = given / ".git";
  for (const auto& candidate : {inside, given}) {
    if (is_git_dir(candidate)) return candidate.string();
    std::error_code error;
    if (!fs::is_regular_file(candidate, error)) continue;
    const auto line = first_line(candidate);  // gitrepository-layout(5): "gitdir: PATH"
    if (!line.starts_with("gitdir: ")) continue;
    const auto named = candidate.parent_path() / line.substr(8);
    if (is_git_dir(named)) return named.string();
  }
  return std::nullopt;
}

Result<Repository> open_repository(const std::string& path) {
  const auto git_dir = git_dir_of(path);
  if (!git_dir)
    return fail(ErrorCode::unreadable, base::printable(path) + " is not a git repository");
  Repository repository;
  repository.git_dir = repository.common_dir = *git_dir;
  if (const auto common = first_line(fs::path(*git_dir) / "commondir"); !common.empty())
    repository.common_dir = (fs::path(*git_dir) / common).lexically_normal().string();
  const fs::path folder(repository.common_dir);
  if (!is_folder(folder / "objects"))
    return fail(ErrorCode::unreadable, base::printable(path) + " has no folder of objects");
  read_config(repository);
  read_shallow(repository);
  add_objects(repository, folder / "objects");
  repository.worktree_dirs.push_back(repository.common_dir);
  for (const auto& worktree : folders_in(folder / "worktrees"))
    repository.worktree_dirs.push_back(worktree.string());
  if (is_folder(folder / "reftable"))
    add_skipped(repository.skipped, "refs", "in a reftable, which is not read");
  return repository;
}

std::vector<Repository> submodules_of(const Repository& repository,
                                      std::vector<SkippedObjects>& skipped) {
  std::vector<Repository> out;
  add_modules(fs::path(repository.common_dir) / "modules", "", 0, out, skipped);
  return out;
}

}  // namespace locksmith::leaks
