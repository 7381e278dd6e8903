#include "whereabouts/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace locksmith::whereabouts {
namespace {

using Pointers = std::vector<const Place*>;

std::string with_age(const Place& place, base::Time now) {
  const std::string age = age_of(place, now);
  if (place.consumer == Consumer::process && !age.empty())
    return fmt::format("process {} ({}, {})", place.pid, place.program, age);
  return place.where();
}

// "for 2 hours", "since yesterday", "for 3 days".
std::string how_long(base::Time since, base::Time now) {
  using std::chrono::hours;
  const auto age = now - since;
  if (age >= hours(24) && age < hours(48)) return "since yesterday";
  return "for " + base::format_duration(std::max(age, decltype(age)(1)));
}

Pointers with_values(const Places& places) {
  Pointers found;
  for (const Place& place : places) {
    if (place.holds == Holds::value) found.push_back(&place);
  }
  return found;
}

// "A, B and 2 more"
std::string listed(const Pointers& places, base::Time now) {
  constexpr std::size_t most = 2;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, places.size()); ++i)
    out += (i ? (places.size() == most ? " and " : ", ") : "") + with_age(*places[i], now);
  if (places.size() > most) out += fmt::format(" and {} more", places.size() - most);
  return out;
}

Verdict without_values(const Places& places) {
  for (const Place& place : places) {
    if (place.holds == Holds::nothing)
      return {Outcome::disagree,
              fmt::format("{} sets it to nothing, and no place has a value", place.where())};
  }
  for (const Place& place : places) {
    if (place.holds == Holds::unknown)
      return {
          Outcome::not_found,
          fmt::format("{} sets it; the value is not known without running that", place.where())};
  }
  if (places.empty()) return {Outcome::not_found, "no place on this machine sets it"};
  return {Outcome::not_found, fmt::format("it is used in {}, and no place on this machine sets it",
                                          places.front().where())};
}

// A copy that is what one reader of a .env file makes of it.
std::optional<std::string> misread(const Pointers& values) {
  for (const Place* file : values) {
    for (const OtherReading& reading : file->other_readings) {
      for (const Place* copy : values) {
        if (copy == file || copy->consumer == Consumer::dotenv) continue;
        if (copy->value == file->value || !(copy->value == reading.value)) continue;
        return fmt::format(
            "{} has what {} makes of {}: {}; write that line so that all readers agree",
            copy->where(), reading.reader, file->where(), reading.why);
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> stale(const Pointers& values, const Place* file, base::Time now) {
  if (!file) return std::nullopt;
  Pointers old;
  for (const Place* place : values) {
    if (place->consumer == Consumer::process && is_stale(*place, *file)) old.push_back(place);
  }
  if (old.empty()) return std::nullopt;
  // Shells come last: their variables may have been set anew since they were started.
  std::ranges::stable_sort(old, {}, [](const Place* place) { return place->rank; });
  const bool one_value = std::ranges::all_of(
      old, [&](const Place* place) { return place->value == old.front()->value; });
  return fmt::format("{} still {} {}; {} has had {} {}: restart {}", listed(old, now),
                     old.size() == 1 ? "has" : "have",
                     one_value ? mark_of(old.front()->value) : "other values", file->where(),
                     mark_of(file->value), how_long(*file->since, now),
                     old.size() == 1 ? "it" : "them");
}

std::optional<std::string> shadowed(const Places& places, const Place* file) {
  if (!file || places.front().consumer != Consumer::shell) return std::nullopt;
  const Place& shell = places.front();
  if (shell.holds == Holds::nothing)
    return fmt::format("this shell has it set to nothing, which wins over {}: unset {}",
                       file->where(), shell.name);
  if (shell.value == file->value) return std::nullopt;
  return fmt::format("this shell has {}, which wins over {} with {}: unset {}, or set it anew",
                     mark_of(shell.value), file->where(), mark_of(file->value), shell.name);
}

std::string different(const Pointers& values, base::Time now) {
  std::set<std::string> marks;
  std::string shown;
  constexpr std::size_t most = 3;
  for (const Place* place : values) {
    if (!marks.insert(mark_of(place->value)).second || marks.size() > most) continue;
    const std::string age = age_of(*place, now);
    shown += fmt::format("{}{} has {}{}", shown.empty() ? "" : ", ", place->where(),
                         mark_of(place->value), age.empty() ? "" : " (" + age + ")");
  }
  if (marks.size() > most) shown += fmt::format(", and {} more", marks.size() - most);
  return fmt::format("{} in {}: {}", base::count_of(marks.size(), "value"),
                     base::count_of(values.size(), "place"), shown);
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return outcome == Outcome::agree      ? "agree"
         : outcome == Outcome::disagree ? "disagree"
                                        : "not-found";
}

std::string mark_of(const base::Secret& value) {
  const std::string fingerprint = value.fingerprint();
  constexpr std::size_t digits = 8;
  const auto close = fingerprint.rfind(')');
  return close == std::string::npos || close < digits ? fingerprint
                                                      : fingerprint.substr(close - digits, digits);
}

std::string age_of(const Place& place, base::Time now) {
  if (!place.since) return "";
  const auto age = std::max(now - *place.since, base::Time::duration::zero());
  const bool process = place.consumer == Consumer::process;
  return fmt::format("{}{}{}", process ? "up " : "changed ", base::format_duration(age),
                     process ? "" : " ago");
}

const Place* authority(const Places& places) {
  const Place* newest = nullptr;
  for (const Place& place : places) {
    if (place.holds != Holds::value || place.path.empty()) continue;
    if (place.consumer == Consumer::dotenv) return &place;
    if (!newest || (place.since && newest->since && *place.since > *newest->since)) newest = &place;
  }
  return newest;
}

bool is_stale(const Place& process, const Place& file) {
  return process.holds == Holds::value && !(process.value == file.value) && process.since &&
         file.since && *process.since < *file.since;
}

Verdict verdict(const Places& places, base::Time now) {
  const Pointers values = with_values(places);
  if (values.empty()) return without_values(places);
  const Place* file = authority(places);
  const bool same = std::ranges::all_of(
      values, [&](const Place* place) { return place->value == values.front()->value; });
  const auto shadow = shadowed(places, file);
  if (same && !shadow) {
    const std::string mark = mark_of(values.front()->value);
    return {Outcome::agree,
            values.size() == 1
                ? fmt::format("{} has it: {}", values.front()->where(), mark)
                : fmt::format("all {} places have the same value: {}", values.size(), mark)};
  }
  if (const auto text = misread(values)) return {Outcome::disagree, *text};
  if (const auto text = stale(values, file, now)) return {Outcome::disagree, *text};
  if (shadow) return {Outcome::disagree, *shadow};
  return {Outcome::disagree, different(values, now)};
}

Tick tick(const Place& place, const base::Secret& replacement) {
  if (place.holds == Holds::reference) return Tick::elsewhere;
  return place.holds == Holds::value && place.value == replacement ? Tick::done : Tick::open;
}

}  // namespace locksmith::whereabouts
