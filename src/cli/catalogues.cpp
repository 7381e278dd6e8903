#include "cli/catalogues.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/text.hpp"

namespace locksmith::cli {
namespace {

namespace fs = std::filesystem;

// XDG Base Directory Specification 0.8: a variable that holds no absolute path is ignored, and
// without it the folder is ~/.config. https://specifications.freedesktop.org/basedir-spec/0.8/
fs::path users_folder() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config && *config == '/') return fs::path(config) / "locksmith/catalogue";
  const char* home = std::getenv("HOME");
  return home && *home == '/' ? fs::path(home) / ".config/locksmith/catalogue" : fs::path();
}

}  // namespace

Catalogues::Catalogues(const std::vector<std::string>& folders) : all_(catalogue::embedded()) {
  const fs::path own = users_folder();
  std::error_code error;
  if (!own.empty() && fs::is_directory(own, error)) read(own);
  for (const std::string& folder : folders) read(folder);
}

void Catalogues::read(const fs::path& folder) {
  auto files = catalogue::Files::read(folder, all_);
  if (files) {
    add(std::move(*files));
  } else {
    problems_.insert(problems_.end(), files.error().begin(), files.error().end());
  }
}

void Catalogues::add(catalogue::Files files) {
  files_.push_back(std::move(files));
  all_ = files_.back().over(all_);
}

std::optional<Error> Catalogues::error() const {
  if (problems_.empty()) return {};
  const catalogue::Problem& first = problems_.front();
  std::string message = one_line(first);
  if (const std::size_t more = problems_.size() - 1) {
    message += fmt::format(" (and {})", base::count_of(more, "more problem"));
  }
  return Error{ErrorCode::unreadable, message,
               fmt::format("locksmith providers check '{}' tells more", first.file)};
}

void add_catalogue_option(arguments::Command& command, std::vector<std::string>& folders) {
  command
      .add_appending_option("--catalogue", folders,
                            "a folder with further providers and intermediaries; may be repeated")
      ->type_name("DIR")
      ->existing_path()
      ->allow_extra_args(false);
}

std::string one_line(const catalogue::Problem& problem) {
  return problem.line > 0 ? fmt::format("{}:{}: {}", problem.file, problem.line, problem.message)
                          : fmt::format("{}: {}", problem.file, problem.message);
}

}  // namespace locksmith::cli
