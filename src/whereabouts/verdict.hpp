// What the places of one variable come to, in one line: who has an old value, and what to do.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "whereabouts/place.hpp"

namespace locksmith::whereabouts {

enum class Outcome { agree, disagree, not_found };
std::string_view name_of(Outcome outcome);

struct Verdict {
  Outcome outcome = Outcome::not_found;
  std::string text;  // one line without a secret, no full stop
};

// Of the places of one name, in the order in which they win. Those for another environment and
// examples may differ.
Verdict verdict(const Places& places, base::Time now);

// Eight hex digits by which two copies can be compared: the end of a fingerprint.
std::string mark_of(const base::Secret& value);
// "up 3 days", of a process; "changed 3 days ago", of a file; empty when it is not known.
std::string age_of(const Place& place, base::Time now);

// The place that says what the value should be: the file that programs here read first, else the
// file that was changed last; null when no file has a value.
const Place* authority(const Places& places);
// A process that was started before that file was changed, and has another value.
bool is_stale(const Place& process, const Place& file);

// Where a key is to be replaced: whether each place has the new one.
enum class Tick { done, open, elsewhere };  // elsewhere: no value is kept at this place
Tick tick(const Place& place, const base::Secret& replacement);

}  // namespace locksmith::whereabouts
