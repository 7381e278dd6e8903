#include "leaks/repositories.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "leaks/git_repository.hpp"

namespace locksmith::leaks {
namespace {

namespace fs = std::filesystem;

std::string canonical(const std::string& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? path : found.string();
}

// The nearest folder from `path` upwards that is a work tree or a repository.
std::string around(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {};
  for (fs::path at = canonical(path);; at = at.parent_path()) {
    if (git_dir_of(at.string())) return at.string();
    if (at == at.parent_path()) return {};
  }
}

}  // namespace

std::vector<std::string> repositories_of(const std::vector<std::string>& paths,
                                         const std::vector<std::string>& met) {
  std::vector<std::pair<std::string, std::string>> found;  // git folder, path
  const auto add = [&](const std::string& path) {
    if (const auto folder = git_dir_of(path)) found.emplace_back(canonical(*folder), path);
  };
  for (const std::string& path : paths) {
    if (const std::string at = around(path); !at.empty()) add(at);
  }
  for (const std::string& path : met) add(path);
  std::ranges::sort(found);  // a folder comes before what is below it
  std::vector<std::string> out, folders;
  for (auto& [folder, path] : found) {
    const auto holds = [&](const std::string& other) {
      return folder == other || folder.starts_with(other + "/");
    };
    if (std::ranges::any_of(folders, holds)) continue;
    folders.push_back(folder);
    out.push_back(std::move(path));
  }
  return out;
}

std::string repository_name(const std::string& path) {
  fs::path name = canonical(path);
  if (name.filename() == ".git") name = name.parent_path();
  std::error_code error;
  const fs::path relative = name.lexically_relative(fs::current_path(error));
  if (error || relative.empty() || relative.native().starts_with("..")) return name.string();
  return relative.string();
}

}  // namespace locksmith::leaks
