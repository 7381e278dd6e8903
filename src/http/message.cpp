#include "http/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::http {

const std::string* Headers::find(std::string_view name) const {
  const auto hit = std::ranges::find_if(
      *this, [&](const Header& h) { return base::equals_ignoring_case(h.name, name); });
  return hit == end() ? nullptr : &hit->value;
}

std::string_view Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& header : *this) {
    if (base::equals_ignoring_case(header.name, name)) values.push_back(header.value);
  }
  return values;
}

void Headers::add(std::string name, std::string value) {
  push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string_view name, std::string value) {
  std::string kept(name);  // `name` may be one that is about to go
  remove(kept);
  add(std::move(kept), std::move(value));
}

void Headers::remove(std::string_view name) {
  const std::string sought(name);  // likewise
  std::erase_if(*this, [&](const Header& h) { return base::equals_ignoring_case(h.name, sought); });
}

}  // namespace locksmith::http
