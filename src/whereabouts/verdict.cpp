#include "whereabouts/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "whereabouts/environment.hpp"

namespace locksmith::whereabouts {
namespace {

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

// A file that two consumers read is one place.
std::size_t count_places(const Pointers& places) {
  std::set<std::string> all;
  for (const Place* place : places) all.insert(place->where());
  return all.size();
}

bool is_one_value(const Pointers& places) {
  return std::ranges::all_of(
      places, [&](const Place* place) { return place->value == places.front()->value; });
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

// A copy that is right but for white space, as `echo KEY | base64` leaves a line feed behind it.
std::optional<std::string> padded(const Pointers& values) {
  for (const Place* copy : values) {
    const std::string& text = copy->value.reveal();
    const std::string_view inner = base::trim(text);
    // What a process has is what it made of a file: misread() names that.
    if (inner.size() == text.size() || copy->path.empty()) continue;
    for (const Place* right : values) {
      if (right->value.reveal() != inner) continue;
      const bool feed = text.ends_with('\n') && text.starts_with(inner);
      return fmt::format("{} has what {} has, and {}: take that off", copy->where(), right->where(),
                         feed ? "a line feed behind it" : "white space around it");
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
  const bool one_value = is_one_value(old);
  return fmt::format("{} still {} {}; {} has had {} {}: restart {}", listed(old, now),
                     old.size() == 1 ? "has" : "have",
                     one_value ? mark_of(old.front()->value) : "other values", file->where(),
                     mark_of(file->value), how_long(*file->since, now),
                     old.size() == 1 ? "it" : "them");
}

std::optional<std::string> shadowed(const Places& places, const Place* file,
                                    const Pointers& others) {
  if (!file || places.front().consumer != Consumer::shell) return std::nullopt;
  const Place& shell = places.front();
  if (shell.holds == Holds::nothing)
    return fmt::format("this shell has it set to nothing, which wins over {}: unset {}",
                       file->where(), shell.name);
  if (shell.value == file->value) return std::nullopt;
  std::string whose = mark_of(shell.value);
  for (const Place* other : others) {
    if (other->value == shell.value) whose = fmt::format("{}, that of {}", whose, other->where());
    if (other->value == shell.value) break;
  }
  return fmt::format("this shell has {}, which wins over {} with {}: unset {}, or set it anew",
                     whose, file->where(), mark_of(file->value), shell.name);
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
                     base::count_of(count_places(values), "place"), shown);
}

// Of one value.
std::string the_same(const Pointers& values) {
  const std::string mark = mark_of(values.front()->value);
  const std::size_t count = count_places(values);
  return count == 1 ? fmt::format("{} has it: {}", values.front()->where(), mark)
                    : fmt::format("all {} places have the same value: {}", count, mark);
}

Verdict of_same_environment(const Places& places, const Pointers& others, base::Time now) {
  const Pointers values = with_values(places);
  if (values.empty()) return without_values(places);
  const Place* file = authority(places);
  const bool same = is_one_value(values);
  const auto shadow = shadowed(places, file, others);
  if (same && !shadow) return {Outcome::agree, the_same(values)};
  if (const auto text = misread(values)) return {Outcome::disagree, *text};
  if (const auto text = stale(values, file, now)) return {Outcome::disagree, *text};
  if (shadow) return {Outcome::disagree, *shadow};
  return {Outcome::disagree, different(values, now)};
}

// No value is there for programs that are started here.
Verdict of_others(const Split& split, base::Time now) {
  const auto empty = std::ranges::find(split.here, Holds::nothing, &Place::holds);
  if (empty != split.here.end())
    return {Outcome::disagree,
            fmt::format("{} sets it to nothing; {} {} a value", empty->where(),
                        listed(split.others, now), split.others.size() == 1 ? "has" : "have")};
  if (is_one_value(split.others)) return {Outcome::agree, the_same(split.others)};
  return {Outcome::agree, "each environment has its own, none that of programs started here: " +
                              different(split.others, now)};
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
  if (const auto text = padded(with_values(places))) return {Outcome::disagree, *text};
  Split split = by_environment(places);
  // With the very same value it is one more copy of it.
  const Pointers here = with_values(split.here);
  if (!here.empty() && is_one_value(here)) {
    for (const Place* other : std::exchange(split.others, {})) {
      if (other->value == here.front()->value)
        split.here.push_back(*other);
      else
        split.others.push_back(other);
    }
  }
  if (here.empty() && !split.others.empty()) return of_others(split, now);
  Verdict found = of_same_environment(split.here, split.others, now);
  if (found.outcome == Outcome::agree && !split.others.empty())
    found.text += fmt::format("; {} {} another, for another environment", listed(split.others, now),
                              split.others.size() == 1 ? "has" : "have");
  if (found.outcome == Outcome::not_found && !split.examples.empty())
    found.text += fmt::format("; {} names it", split.examples.front()->where());
  return found;
}

Tick tick(const Place& place, const base::Secret& replacement) {
  const bool placeholder = place.environment == example && place.notes.empty();
  if (place.holds == Holds::reference || placeholder) return Tick::elsewhere;
  return place.holds == Holds::value && place.value == replacement ? Tick::done : Tick::open;
}

}  // namespace locksmith::whereabouts
