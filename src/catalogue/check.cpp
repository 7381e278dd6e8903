// Finds rules that can never fire: the first rule that fits counts, so a general one must not stand
// before a special one.
#include <fmt/format.h>

#include <algorithm>

#include "catalogue/read.hpp"

namespace locksmith::catalogue {
namespace {

// Whether every answer that satisfies `special` also satisfies `general`.
bool implied(const Condition& general, const Condition& special) {
  if (general.what != special.what || general.name != special.name) return false;
  if (general.text.empty()) return true;
  switch (general.what) {
    case Condition::What::pointer:
    case Condition::What::host:
      return general.text == special.text;
    case Condition::What::path:
      return special.text.starts_with(general.text);
    default:
      return special.text.find(general.text) != std::string_view::npos;
  }
}

bool covers(const Refusal& general, const Refusal& special) {
  const bool statuses =
      general.statuses.empty() ||
      (!special.statuses.empty() && std::ranges::all_of(special.statuses, [&](int status) {
        return std::ranges::find(general.statuses, status) != general.statuses.end();
      }));
  return statuses && std::ranges::all_of(general.when, [&](const Condition& condition) {
           return std::ranges::any_of(special.when,
                                      [&](const Condition& c) { return implied(condition, c); });
         });
}

}  // namespace

void check_shadowed(const Reading& reading, std::span<const Refusal> refusals,
                    const std::vector<int>& lines) {
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!covers(refusals[j], refusals[i])) continue;
      reading.problem(
          lines[i],
          fmt::format("this rule never fires: the one in line {} takes its answers", lines[j]),
          "the first rule that fits counts; put the special one first");
      break;
    }
  }
}

}  // namespace locksmith::catalogue
