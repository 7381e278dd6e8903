// By libgit2, which reads the index in all its versions, and whatever odb holds the contents. It is
// loaded when it is needed: it brings a dozen libraries with it.
#include "leaks/staged.hpp"

#include <dlfcn.h>
#include <git2.h>

#include <memory>
#include <string_view>

#include "leaks/content.hpp"

namespace locksmith::leaks {
namespace {

struct GitLibrary {
  decltype(&git_libgit2_init) init = nullptr;
  decltype(&git_error_last) error_last = nullptr;
  decltype(&git_repository_open_ext) open = nullptr;
  decltype(&git_repository_free) repository_free = nullptr;
  decltype(&git_repository_index) index = nullptr;
  decltype(&git_index_free) index_free = nullptr;
  decltype(&git_revparse_single) revparse = nullptr;
  decltype(&git_object_free) object_free = nullptr;
  decltype(&git_diff_tree_to_index) diff = nullptr;
  decltype(&git_diff_free) diff_free = nullptr;
  decltype(&git_diff_num_deltas) deltas = nullptr;
  decltype(&git_diff_get_delta) delta = nullptr;
  decltype(&git_blob_lookup) blob = nullptr;
  decltype(&git_blob_free) blob_free = nullptr;
  decltype(&git_blob_rawcontent) content = nullptr;
  decltype(&git_blob_rawsize) size = nullptr;
};

template <class Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

Result<GitLibrary> load() {
  static_assert(LIBGIT2_VER_MAJOR == 1);
  const std::string name =
      "libgit2.so." + std::to_string(LIBGIT2_VER_MAJOR) + "." + std::to_string(LIBGIT2_VER_MINOR);
  void* library = dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL);
  GitLibrary git;
  if (!library || !resolve(library, "git_libgit2_init", git.init) ||
      !resolve(library, "git_error_last", git.error_last) ||
      !resolve(library, "git_repository_open_ext", git.open) ||
      !resolve(library, "git_repository_free", git.repository_free) ||
      !resolve(library, "git_repository_index", git.index) ||
      !resolve(library, "git_index_free", git.index_free) ||
      !resolve(library, "git_revparse_single", git.revparse) ||
      !resolve(library, "git_object_free", git.object_free) ||
      !resolve(library, "git_diff_tree_to_index", git.diff) ||
      !resolve(library, "git_diff_free", git.diff_free) ||
      !resolve(library, "git_diff_num_deltas", git.deltas) ||
      !resolve(library, "git_diff_get_delta", git.delta) ||
      !resolve(library, "git_blob_lookup", git.blob) ||
      !resolve(library, "git_blob_free", git.blob_free) ||
      !resolve(library, "git_blob_rawcontent", git.content) ||
      !resolve(library, "git_blob_rawsize", git.size)) {
    return fail(ErrorCode::unreadable, "--staged needs " + name + ", which is not installed",
                "install libgit2-" + name.substr(name.rfind("1.")));
  }
  git.init();
  return git;
}

class Staged {
 public:
  Staged(const GitLibrary& git, const Detector& detector, const ArchiveLimits& limits,
         std::stop_token stop)
      : git_(git), detector_(detector), limits_(limits), stop_(std::move(stop)) {}

  Result<Tally> search(const std::string& folder) {
    git_repository* opened = nullptr;
    if (git_.open(&opened, folder.c_str(), GIT_REPOSITORY_OPEN_FROM_ENV, nullptr) != 0) {
      return failed("there is no git repository here");
    }
    const std::unique_ptr<git_repository, decltype(git_.repository_free)> repository(
        opened, git_.repository_free);
    git_index* index = nullptr;
    if (git_.index(&index, opened) != 0) return failed("the index of git cannot be read");
    const std::unique_ptr<git_index, decltype(git_.index_free)> index_owner(index, git_.index_free);
    // Before the first commit there is no HEAD, and everything is new.
    git_object* head = nullptr;
    git_.revparse(&head, opened, "HEAD^{tree}");
    const std::unique_ptr<git_object, decltype(git_.object_free)> head_owner(head,
                                                                             git_.object_free);
    git_diff* diff = nullptr;
    if (git_.diff(&diff, opened, reinterpret_cast<git_tree*>(head), index, nullptr) != 0) {
      return failed("what is staged cannot be compared with HEAD");
    }
    const std::unique_ptr<git_diff, decltype(git_.diff_free)> diff_owner(diff, git_.diff_free);
    for (std::size_t i = 0; i < git_.deltas(diff) && !stop_.stop_requested(); ++i) {
      search_file(opened, git_.delta(diff, i)->new_file);
    }
    return std::move(tally_);
  }

 private:
  std::unexpected<Error> failed(std::string_view what) const {
    const git_error* why = git_.error_last();
    return fail(ErrorCode::unreadable, std::string(what), why && why->message ? why->message : "");
  }

  void search_file(git_repository* repository, const git_diff_file& file) {
    // What is deleted has no content, and a submodule's is in a repository of its own.
    if (!(file.flags & GIT_DIFF_FLAG_EXISTS) || file.mode == GIT_FILEMODE_COMMIT) return;
    git_blob* blob = nullptr;
    if (git_.blob(&blob, repository, &file.id) != 0) {
      const git_error* why = git_.error_last();
      return tally_.skipped.add(Reason::unreadable, file.path,
                                why && why->message ? why->message : "");
    }
    const std::unique_ptr<git_blob, decltype(git_.blob_free)> owner(blob, git_.blob_free);
    const std::string_view text(static_cast<const char*>(git_.content(blob)),
                                static_cast<std::size_t>(git_.size(blob)));
    const Origin origin{Where::staged, file.path, {}};
    ++tally_.files;
    if (is_archive(text.substr(0, 512)) &&
        search_archive(text, detector_, limits_, origin, stop_, tally_)) {
      return;
    }
    tally_.bytes += text.size();
    search_text(detector_, tally_, origin, text);
  }

  const GitLibrary& git_;
  const Detector& detector_;
  const ArchiveLimits& limits_;
  std::stop_token stop_;
  Tally tally_;
};

}  // namespace

Result<Tally> search_staged(const Detector& detector, const std::string& folder,
                            const ArchiveLimits& limits, std::stop_token stop) {
  static const Result<GitLibrary> git = load();
  if (!git) return std::unexpected(git.error());
  return Staged(*git, detector, limits, std::move(stop)).search(folder);
}

}  // namespace locksmith::leaks
