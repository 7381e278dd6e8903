// TOML, as Cargo, Poetry, Wrangler and their like write it.
#include <toml++/toml.h>

#include <algorithm>

#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

void gather(const toml::node& node, std::size_t line, Gatherer& out) {
  if (out.overflows()) return;
  if (const auto* text = node.as_string()) {
    out.add(text->get(), line);
  } else if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      out.enter(key.str());
      gather(value, key.source().begin.line, out);
      out.leave();
    }
  } else if (const auto* array = node.as_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      out.enter(i);
      const toml::node& element = *array->get(i);
      gather(element, element.source().begin.line, out);
      out.leave();
    }
  }
}

}  // namespace

Settings read_toml(std::string_view text) {
  Gatherer gathered;
  try {
    gather(toml::parse(text), 1, gathered);
  } catch (const toml::parse_error& error) {
    return not_of_format("TOML", error.source().begin.line);
  }
  Settings settings = gathered.take("TOML");
  // toml++ keeps a table in the order of its names.
  if (settings) std::ranges::stable_sort(*settings, {}, &Setting::line);
  return settings;
}

}  // namespace locksmith::settings
