// Accounts that a file of keys has or names and that are not there yet: made with `keys import
// --create-accounts`.
#pragma once

#include <vector>

#include "server/import_file.hpp"

namespace locksmith::daemon {

// Gives each key of `imports` the id of its account. What cannot be made is among the faults then.
std::vector<authority::Account> missing_accounts(server::Imports& imports,
                                                 const authority::Snapshot& snapshot,
                                                 base::Time now);

}  // namespace locksmith::daemon
