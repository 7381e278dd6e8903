#include "keyring/lookup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace locksmith::keyring {
namespace {

using settings::Setting;

constexpr std::size_t most_names = 6;

// Behind one of the dots; names in JSON and hosts hold dots themselves. Or behind the colon of
// .npmrc's "//registry.npmjs.org/:_authToken".
bool ends_in_part(std::string_view name, std::string_view part) {
  if (name.size() <= part.size() || !name.ends_with(part)) return false;
  const char before = name[name.size() - part.size() - 1];
  return before == '.' || before == ':' || part.starts_with(':');
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string some_of(const std::set<std::string_view>& names) {
  std::vector<std::string> shown;
  for (const std::string_view name : names) {
    if (shown.size() == most_names) break;
    shown.push_back(base::printable(name));
  }
  return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > most_names ? ", …" : "");
}

std::unexpected<Error> not_there(const std::vector<Setting>& settings, std::string_view name,
                                 std::string_view place) {
  std::set<std::string_view> names;
  std::vector<std::string_view> choice;
  for (const Setting& setting : settings) {
    names.insert(setting.name);
    choice.push_back(setting.name);
    choice.push_back(last_part(setting.name));
  }
  std::string_view near = base::nearest(name, choice);
  for (const std::string_view word : choice) {
    if (base::equals_ignoring_case(word, name)) near = word;
  }
  std::string hint;
  if (!near.empty())
    hint = fmt::format("did you mean {}?", base::printable(near));
  else if (!names.empty())
    hint = "it holds " + some_of(names);
  return fail(ErrorCode::unreadable, fmt::format("{} does not define {}", place, name), hint);
}

Found found_in(std::vector<const Setting*> same) {
  Found found{*same.back(), same.back()->oddities};
  if (same.size() > 1) {
    const bool agree = std::ranges::all_of(
        same, [&](const Setting* setting) { return setting->value == found.setting.value; });
    found.notes.push_back(fmt::format("it is defined {} times, {}; the last counts", same.size(),
                                      agree ? "always the same" : "with different values"));
  }
  return found;
}

// `- NAME=value`
std::vector<Setting> in_lists(const std::vector<Setting>& settings, std::string_view name) {
  std::vector<Setting> found;
  for (const Setting& setting : settings) {
    const std::string_view value = setting.value.reveal();
    const char last = setting.name.empty() ? '\0' : setting.name.back();
    if (last < '0' || last > '9' || !value.starts_with(name) || value.size() <= name.size() ||
        value[name.size()] != '=')
      continue;
    found.push_back(setting);
    found.back().value = base::Secret(std::string(value.substr(name.size() + 1)));
  }
  return found;
}

// `- name: NAME` with `value: …` beside it, as Kubernetes and task definitions list variables.
std::vector<Setting> in_pairs(const std::vector<Setting>& settings, std::string_view name) {
  std::vector<Setting> found;
  for (const Setting& setting : settings) {
    const bool names = base::equals_ignoring_case(last_part(setting.name), "name");
    if (!names || setting.value.reveal() != name) continue;
    const std::string_view above =
        std::string_view(setting.name).substr(0, setting.name.size() - 4);
    for (const Setting& value : settings) {
      const std::string_view path = value.name;
      if (path.size() == above.size() + 5 && path.starts_with(above) &&
          base::equals_ignoring_case(path.substr(above.size()), "value"))
        found.push_back(value);
    }
  }
  return found;
}

}  // namespace

Result<Found> look_up(const std::vector<Setting>& settings, std::string_view name,
                      std::string_view place) {
  std::vector<const Setting*> same, ending;
  std::set<std::string_view> names;
  for (const Setting& setting : settings) {
    if (setting.name == name) same.push_back(&setting);
    if (!ends_in_part(setting.name, name)) continue;
    ending.push_back(&setting);
    names.insert(setting.name);
  }
  if (!same.empty()) return found_in(same);
  if (names.size() > 1)
    return fail(ErrorCode::usage, fmt::format("{} defines {} {} times", place, name, names.size()),
                "say which: " + some_of(names));
  if (!ending.empty()) return found_in(ending);
  std::vector<Setting> listed = in_lists(settings, name);
  if (listed.empty()) listed = in_pairs(settings, name);
  if (listed.empty()) return not_there(settings, name, place);
  std::vector<const Setting*> pointers;
  for (const Setting& setting : listed) pointers.push_back(&setting);
  return found_in(pointers);
}

}  // namespace locksmith::keyring
