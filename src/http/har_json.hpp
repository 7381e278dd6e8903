// Members of JSON objects, whatever type they turn out to have. Internal to the HAR reader: the
// only header that includes Boost.JSON.
#pragma once

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "http/har_text.hpp"

namespace locksmith::http {

namespace json = boost::json;

inline std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// The member as an object, array or text; an empty one when it is absent or of another type.
inline const json::object& object_at(const json::object& object, std::string_view name) {
  static const json::object empty;
  const json::value* member = object.if_contains(name);
  return member && member->is_object() ? member->get_object() : empty;
}

inline const json::array& array_at(const json::object& object, std::string_view name) {
  static const json::array empty;
  const json::value* member = object.if_contains(name);
  return member && member->is_array() ? member->get_array() : empty;
}

inline std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(view(value.get_string()));
  if (value.is_null() || value.is_structured()) return {};
  return json::serialize(value);
}

inline std::string text_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (!member) return {};
  std::string text = text_of(*member);
  if (!text.contains(kReplacementCharacter)) return text;
  const json::value* exact = object.if_contains(exact_name(name));
  if (!exact || !exact->is_string()) return text;
  return base::base64_decode(view(exact->get_string())).value_or(std::move(text));
}

// Numbers stand as text in some exports, and as 200.0 in others.
template <class T>
std::optional<T> number_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (!member) return {};
  double number = 0;
  if (member->is_number()) {
    number = member->to_number<double>();
  } else if (member->is_string()) {
    const json::string& text = member->get_string();
    const auto end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number).ptr != end || text.empty()) return {};
  } else {
    return {};
  }
  if (!(number >= -9e15 && number <= 9e15)) return {};
  if constexpr (std::is_same_v<T, int>) {
    if (number < -2e9 || number > 2e9) return {};
  }
  return static_cast<T>(number);
}

inline bool flag_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member && member->is_bool() && member->get_bool();
}

}  // namespace locksmith::http
