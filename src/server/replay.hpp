// A decision that was recorded, made again on the authority as it is now: would it pass, and what
// single change would let it pass?
#pragma once

#include <boost/json/object.hpp>

#include "authority/limits.hpp"
#include "authority/snapshot.hpp"
#include "store/store.hpp"

namespace locksmith::server {

// {"repeatable":true,"allowed","cause","policy","checks","single_change"}, or
// {"repeatable":false,"why_not"}: of a key that was not proven nothing is kept to repeat it with.
// Limits are as if nothing had been used of them.
boost::json::object replay(const authority::Snapshot& snapshot, const store::DecisionRecord& record,
                           authority::Instant now);

}  // namespace locksmith::server
