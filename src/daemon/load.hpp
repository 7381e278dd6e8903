// From the store into memory.
#pragma once

#include "authority/snapshot.hpp"
#include "store/store.hpp"

namespace locksmith::daemon {

Result<authority::Snapshot> load(authority::Policy policy, store::Store& store);

}  // namespace locksmith::daemon
