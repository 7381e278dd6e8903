// Writes JSON straight into a text, for answers that are made too often to build a tree of values
// first. Everything else uses Boost.JSON; the text is the same as what that writes.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace locksmith::base {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open(char bracket) {  // '{' or '['
    separate();
    out_ += bracket;
  }
  void close(char bracket) { out_ += bracket; }

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::same_as<bool> auto truth) {
    separate();
    out_ += truth ? "true" : "false";
  }
  void value(int number) {
    separate();
    out_ += std::to_string(number);
  }

  void name(std::string_view name) {  // without anything to escape
    separate();
    (out_ += '"') += name;
    out_ += "\":";
  }
  void member(std::string_view key, const auto& of) {
    name(key);
    value(of);
  }

 private:
  // No value ends with what opens a list or ends a name.
  void separate() {
    if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != ':')
      out_ += ',';
  }

  std::string& out_;  // empty at first
};

}  // namespace locksmith::base
