#include "cli/leak_keys.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "cli/input.hpp"
#include "leaks/searcher.hpp"

namespace locksmith::cli {
namespace {

// `./x`, `/x`, `~/x` (where the shell left it) and whatever exists.
bool is_path(const std::string& word) {
  if (word == "." || word == ".." || word.starts_with("./") || word.starts_with("../") ||
      word.starts_with('/')) {
    return true;
  }
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(word, error));
}

Result<LeakKey> read_key(const std::string& word) {
  if (word.starts_with("env:")) {
    const char* value = std::getenv(word.c_str() + 4);
    if (!value || !*value) return fail(ErrorCode::usage, word.substr(4) + " is not set");
    return LeakKey{word, base::Secret(value), {}};
  }
  if (word == "stdin" || word == "-") {
    auto text = read_input("-");
    if (!text) return std::unexpected(text.error());
    return LeakKey{"stdin", base::Secret(std::string(base::trim(*text))), {}};
  }
  return LeakKey{{}, base::Secret(word), {}};
}

}  // namespace

Result<LeakWords> read_leak_words(const std::vector<std::string>& words, bool any) {
  LeakWords out;
  for (const std::string& word : words) {
    if (any || is_path(word)) {
      out.paths.push_back(word);
      continue;
    }
    auto key = read_key(word);
    if (!key) return std::unexpected(key.error());
    if (key->value.size() < leaks::Searcher::shortest_key) {
      return fail(
          ErrorCode::usage,
          fmt::format("a key of {} characters would be found everywhere", key->value.size()),
          fmt::format("at least {} are needed; a path that does not exist is taken for a "
                      "key unless it begins with ./ or /",
                      leaks::Searcher::shortest_key));
    }
    out.keys.push_back(std::move(*key));
  }
  if (!any && out.keys.empty()) {
    return fail(ErrorCode::usage, "no key to look for",
                "locksmith leaks env:NAME, or locksmith leaks --any for every key there is");
  }
  return out;
}

}  // namespace locksmith::cli
