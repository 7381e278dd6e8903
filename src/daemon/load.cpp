#include "daemon/load.hpp"

namespace locksmith::daemon {

Result<authority::Snapshot> load(authority::Policy policy, store::Store& store) {
  authority::SnapshotBuilder builder(std::move(policy));
  const auto read = store.each({[&](const authority::Account& account) { builder.add(account); },
                                [&](const authority::Key& key) { builder.add(key); }});
  if (!read) return std::unexpected(read.error());
  return builder.finish();
}

}  // namespace locksmith::daemon
