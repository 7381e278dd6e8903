// Typed access to the fields of a TOML table. A field that nobody asked for is a fault ("did you
// mean …?"), and so is one of the wrong type; reading goes on after either. Internal to the reader
// of locksmith.toml. (catalogue/fields.hpp is its sister, for views into an arena.)
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key.hpp"

namespace locksmith::authority {

// "locksmith.toml:12: unknown field `sckopes`; did you mean `scopes`?"
struct Faults {
  std::string file;
  std::vector<std::pair<int, std::string>> found;  // line, what

  void add(int line, std::string what, std::string_view hint = {});
};

class Fields {
 public:
  Fields(Faults& faults, const toml::table& table, std::string title);

  std::string text(std::string_view name, std::string otherwise = {});
  std::string required_text(std::string_view name);
  // The position of the text within `choice`; 0 when it is missing.
  std::size_t one_of(std::string_view name, std::span<const std::string_view> choice);
  bool flag(std::string_view name, bool otherwise);
  std::size_t number(std::string_view name, std::size_t otherwise, std::size_t least,
                     std::size_t most);
  std::chrono::seconds duration(std::string_view name, std::chrono::seconds otherwise);
  std::size_t size(std::string_view name, std::size_t otherwise);  // 16384, "16KiB"
  std::vector<std::string> texts(std::string_view name);           // one or many
  std::optional<Rate> rate(std::string_view name);
  std::optional<Quota> quota(std::string_view name);
  // Calls `read` for each table of [[name]], then reports what it did not ask for.
  void each(std::string_view name, const std::function<void(Fields&)>& read);
  void table(std::string_view name, const std::function<void(Fields&)>& read);  // [name]

  bool has(std::string_view name) const { return table_->contains(name); }
  void fault(std::string_view field, std::string what, std::string_view hint = {}) const;
  // Reports the fields that were never asked for. To be called last.
  void finish() const;

 private:
  const toml::node* find(std::string_view name);
  void wrong_type(const toml::node& node, std::string_view name, std::string_view wanted) const;
  Rate rate_table(const toml::table& table, std::string_view name);

  Faults* faults_;
  const toml::table* table_;
  std::string title_;  // "[[plan]]", for messages; empty: the file
  std::vector<std::string_view> asked_;
};

}  // namespace locksmith::authority
