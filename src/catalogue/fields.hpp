// Typed access to the fields of a TOML table. A field that nobody asked for is a problem ("did you
// mean …?"), and so is one of the wrong type; reading goes on after either.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/arena.hpp"
#include "catalogue/problem.hpp"

namespace locksmith::catalogue {

// Where problems and what is read go: one per file.
struct Reading {
  std::string file;
  Arena& arena;
  Problems& problems;

  void problem(int line, std::string message, std::string hint = {}) const {
    problems.push_back({file, line, std::move(message), std::move(hint)});
  }
};

// `did you mean …?` or, when nothing is close, the whole choice.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& choice);

class Fields {
 public:
  Fields(const Reading& reading, const toml::table& table, std::string title);

  std::string_view text(std::string_view name);
  std::string_view required_text(std::string_view name);
  std::string_view one_of(std::string_view name, const std::vector<std::string_view>& choice,
                          std::string_view otherwise);
  bool flag(std::string_view name, bool otherwise);
  std::optional<double> number(std::string_view name);
  std::string_view date(std::string_view name);                // ISO 8601
  std::string_view value_text(std::string_view name);          // a text, number or boolean as text
  std::vector<std::string_view> texts(std::string_view name);  // one or many
  std::vector<int> integers(std::string_view name);            // one or many
  std::vector<Fields> tables(std::string_view name);           // [[name]]
  std::optional<Fields> table(std::string_view name);          // [name]
  std::vector<std::pair<std::string_view, double>> numbers();  // name → number, all that are here
  std::string_view source();                                   // required: a URL or "unsourced"
  bool has(std::string_view name) const { return table_->contains(name); }

  // Reports the fields that were never asked for. To be called last.
  void finish() const;

  int line() const { return line_; }
  int line_of(std::string_view name) const;
  void problem(std::string_view field, std::string message, std::string hint = {}) const;

 private:
  const toml::node* find(std::string_view name);
  void wrong_type(const toml::node& node, std::string_view name, std::string_view wanted) const;

  const Reading* reading_;
  const toml::table* table_;
  std::string title_;  // "[[refusal]]", for messages; empty: the file
  int line_;
  std::vector<std::string_view> asked_;
};

}  // namespace locksmith::catalogue
