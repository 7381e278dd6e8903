// The probes that show the key in another place, at another path or host, or at a later time. None
// of them leaves the origin of the failing request, except to the provider's other environments,
// which takes --try-environments.
#pragma once

#include <chrono>

#include "probe/probes.hpp"

namespace locksmith::probe {

Built in_other_header(const Setting&);
Built under_other_scheme(const Setting&);
Built at_simpler_endpoint(const Setting&);

Built after_waiting(const Setting&);
std::chrono::seconds as_long_as_asked(const Setting&);
// What a server may ask for with Retry-After and get: nobody waits longer for a diagnosis.
inline constexpr std::chrono::seconds longest_wait{10};

// The same request at the provider's n-th other host, counted from 0.
inline constexpr int most_neighbours = 5;
Built at_neighbour(const Setting&, int n);

}  // namespace locksmith::probe
