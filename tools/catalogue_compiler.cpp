// Build-time program: checks the catalogue and writes it as C++ sources.
//   catalogue_compiler IN_DIR OUT_DIR PARTS
//   catalogue_compiler --check FILE_OR_DIR
#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "catalogue/load.hpp"
#include "catalogue_emit.hpp"

namespace {

using namespace locksmith::catalogue;
namespace fs = std::filesystem;

int report(const Problems& problems) {
  for (const Problem& problem : problems) {
    if (problem.line > 0)
      fmt::print(stderr, "{}:{}: {}\n", problem.file, problem.line, problem.message);
    else
      fmt::print(stderr, "{}: {}\n", problem.file, problem.message);
    if (!problem.hint.empty()) fmt::print(stderr, "  hint: {}\n", problem.hint);
  }
  return 1;
}

// A file is checked as a part of the catalogue that it stands in, if it stands in one.
int check(const fs::path& path) {
  const fs::path file = fs::absolute(path).lexically_normal();
  const fs::path root = file.parent_path().parent_path();
  const bool alone = fs::is_directory(path) || !fs::exists(root / "answers.toml");
  const auto files = Files::read(alone ? path : root);
  if (files) return 0;
  Problems problems = files.error();
  if (!alone) std::erase_if(problems, [&](const Problem& problem) { return problem.file != file; });
  return problems.empty() ? 0 : report(problems);
}

// Leaves a file alone that already holds `content`: what depends on it is then not compiled again.
bool write(const fs::path& path, const std::string& content) {
  std::ifstream old(path, std::ios::binary);
  if (old && std::string(std::istreambuf_iterator<char>(old), {}) == content) return true;
  old.close();
  return static_cast<bool>(std::ofstream(path, std::ios::binary) << content);
}

int compile(const fs::path& in, const fs::path& out, std::size_t parts) {
  const auto files = Files::read(in);
  if (!files) return report(files.error());
  for (const auto& [name, content] : emit_sources(files->catalogue(), parts)) {
    if (write(out / name, content)) continue;
    fmt::print(stderr, "{}: cannot be written\n", (out / name).string());
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i) { return std::string_view(i < argc ? argv[i] : ""); };
  if (argc == 3 && argument(1) == "--check") return check(argument(2));
  std::size_t parts = 0;
  const std::string_view count = argument(3);
  std::from_chars(count.data(), count.data() + count.size(), parts);
  if (argc == 4 && parts > 0) return compile(argument(1), argument(2), parts);
  fmt::print(stderr, "usage: catalogue_compiler IN_DIR OUT_DIR PARTS | --check FILE_OR_DIR\n");
  return 2;
}
