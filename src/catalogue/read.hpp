// The readers of the catalogue's files, one function per kind of table. Internal to the loader.
#pragma once

#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/fields.hpp"
#include "catalogue/load.hpp"

namespace locksmith::catalogue {

// The names that rules may refer to; an empty list is not checked against.
struct Names {
  std::vector<std::string_view> causes, answers;
};

struct Owner {
  std::string_view slug;
  bool intermediary = false;
};

// read_provider.cpp
Provider read_provider(const Reading& reading, const Names& names, Fields& file,
                       std::string_view slug);
Intermediary read_intermediary(const Reading& reading, const Names& names, Fields& file,
                               std::string_view slug);

// read_rules.cpp
std::span<const Condition> read_recognise(const Reading& reading, Fields& file);
std::span<const Refusal> read_refusals(const Reading& reading, const Names& names, Fields& file);
void read_examples(const Reading& reading, const Names& names, Fields& file, Owner owner,
                   std::vector<Example>& examples);

// read_cause.cpp
Cause read_cause(const Reading& reading, std::string_view text, std::string_view slug);
std::vector<Answer> read_answers(const Reading& reading, const Names& names, Fields& file);
// Weights for causes, checked against `names`.
void add_weight(const Names& names, const Fields& at, std::string_view field,
                std::string_view cause, double decibans, std::vector<Weight>& weights);

// check.cpp
// Rules that can never fire because an earlier one takes their answers.
void check_shadowed(const Reading& reading, std::span<const Refusal> refusals,
                    const std::vector<int>& lines);

// Parses TOML and hands the table to `read`; a syntax error is a problem.
template <class Read>
void with_toml(const Reading& reading, std::string_view text, Read read) {
  try {
    const toml::table table = toml::parse(text);
    Fields fields(reading, table, "");
    read(fields);
    fields.finish();
  } catch (const toml::parse_error& error) {
    reading.problem(static_cast<int>(error.source().begin.line), std::string(error.description()));
  }
}

}  // namespace locksmith::catalogue
