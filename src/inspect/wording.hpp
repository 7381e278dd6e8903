// Words that several inspectors need to speak about a case.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "credential/shape.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {

// Adds a finding. `source` is left out when it is no URL: the catalogue has "unsourced" there, too.
inline void say(diagnosis::Findings& findings, std::string_view id, std::string place,
                std::string text, std::vector<catalogue::Weight> weights,
                std::string_view source = {}, std::vector<std::string> fix = {}) {
  findings.push_back({.id = std::string(id),
                      .place = std::move(place),
                      .text = std::move(text),
                      .weights = std::move(weights),
                      .source = std::string(source.starts_with("http") ? source : ""),
                      .fix = std::move(fix)});
}

// Whether `value` is the key of this request, or of the first one of its redirect chain.
inline bool is_sent_key(const Case& c, std::string_view value) {
  constexpr std::size_t shortest = 8;  // less occurs by chance
  if (value.size() < shortest) return false;
  if (c.main) return value == c.main->value.reveal() || value == c.main->secret();
  const auto& headers = c.bundle.exchanges.front().request.headers;
  return std::ranges::any_of(headers, [&](const auto& h) { return h.value.ends_with(value); });
}

// Names stand in commands to paste, and those of a bundle may be anything.
inline bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// The variable that most likely holds the key: one whose value was sent, else the provider's first,
// else API_KEY.
inline std::string key_variable(const Case& c) {
  for (const auto& [name, value] : c.bundle.environment.variables) {
    if (is_plain_name(name) && is_sent_key(c, value)) return name;
  }
  if (!c.provider || c.provider->variables.empty()) return "API_KEY";
  return std::string(c.provider->variables.front());
}

// "GitHub", or the host when the provider is not known.
inline std::string api_name(const Case& c) {
  if (c.provider) return std::string(c.provider->name);
  return c.url.host.empty() ? "the server" : c.url.host;
}

// The header's value with the key of `variable`: "Bearer $API_KEY", "Token token=$API_KEY",
// "$API_KEY".
inline std::string header_value(std::string_view scheme, std::string_view variable) {
  const bool blank = !scheme.empty() && !scheme.ends_with('=');
  return std::string(scheme) + (blank ? " $" : "$") + std::string(variable);
}

inline bool fits(const catalogue::KeyKind& kind, std::string_view key) {
  if (!key.starts_with(kind.prefix)) return false;
  const auto shape = credential::Shape::parse(kind.shape);
  return shape && shape->matches(key);
}

// Whether it is, as it stands, a key that only this provider makes.
inline bool is_own_key(const Case& c, std::string_view key) {
  return c.provider && std::ranges::any_of(c.provider->keys, [&](const auto& kind) {
           return kind.distinctive && fits(kind, key);
         });
}

}  // namespace locksmith::inspect
