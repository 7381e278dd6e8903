// Reads a catalogue from files at run time or for the compiler (tools/catalogue_compiler.cpp).
// The format is described in docs/teach-a-provider.md; what does not fit it is a problem, reported
// with its line, never skipped.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "catalogue/arena.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/problem.hpp"

namespace locksmith::catalogue {

// A real refusal, as a test of the file that it stands in. Not part of the embedded catalogue.
struct Example {
  std::string_view owner;  // slug of the provider or intermediary
  bool intermediary = false;
  std::string_view name;
  std::string_view request, response;  // texts, as example.hpp reads them
  Strings expect, expect_not;          // causes
  std::string_view source, checked;
  std::string_view file;
  int line = 0;
};

class Loader;

class Files {
 public:
  // `path` is a folder (providers/, intermediaries/, causes/, answers.toml: all of them optional)
  // or one provider or intermediary file. Causes, answers and keys may also be those of `known`.
  // Where no causes (or no answers) are known at all, their names are not checked.
  static std::expected<Files, Problems> read(const std::filesystem::path& path,
                                             const Catalogue& known = {});
  // One provider file from memory.
  static std::expected<Files, Problems> read_provider(std::string_view text, std::string_view slug,
                                                      const Catalogue& known = {});

  const Catalogue& catalogue() const { return catalogue_; }
  std::span<const Example> examples() const { return examples_; }

  // `base` with what these files hold in the place of what has the same slug there; hosts that
  // they name are no longer those of `base`. Its life is that of `base` and of these files.
  Catalogue over(const Catalogue& base);

 private:
  static std::expected<Files, Problems> finish(Files files, Loader& loader);

  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>();
  Catalogue catalogue_;
  std::span<const Example> examples_;
};

}  // namespace locksmith::catalogue
