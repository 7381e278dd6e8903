// The authority at work: the snapshot that decisions are made on, and the one way in which it
// changes. Reading it takes no lock; a write is durable, then published, then acknowledged, so that
// it holds for the very next decision on any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "authority/decide.hpp"
#include "authority/limits.hpp"
#include "authority/operations.hpp"
#include "authority/server_settings.hpp"
#include "authority/snapshot.hpp"
#include "server/access_log.hpp"
#include "server/counters.hpp"
#include "server/recording.hpp"
#include "store/store.hpp"

namespace locksmith::server {

// The account that administrators' keys belong to. They open the admin routes and nothing else, and
// no other key opens those.
inline constexpr std::string_view admin_account = "acct_admin";
// To make or change administrators' keys: else who may write keys could give itself every scope.
inline constexpr std::string_view admins_write = "admin:admins:write";

// Why a change was not made, as HTTP says it: 404, 409, 422, or 503 when the store failed.
struct Refused {
  int status = 422;
  std::string detail;
};
template <class T>
using Outcome = std::expected<T, Refused>;

struct ServiceSettings {
  Recording::Settings recording;
  std::vector<authority::LeakReporter> leak_reporters;
  std::shared_ptr<AccessLog> access_log;  // none: nothing is logged
};

class Service {
 public:
  Service(ServiceSettings settings, authority::Snapshot snapshot,
          std::unique_ptr<store::Store> store);
  ~Service();

  // The newest, without a lock; good until this thread pins again, which is once per request.
  const authority::Snapshot& pin() const;
  authority::Snapshot current() const;  // a copy of the newest
  // decide(), counted. An administrator's key is a key on the face `admin` only, and alone there.
  authority::Decision decide(const authority::Snapshot& snapshot, const authority::Request& request,
                             authority::Instant now, Face face);

  // Makes the change that `wish` wants of the newest snapshot, one at a time; gives what came of
  // it.
  using Wish = std::function<Outcome<authority::Change>(const authority::Snapshot&)>;
  Outcome<authority::Snapshot> change(std::string_view actor, std::string_view action,
                                      const Wish& wish);
  // The new policy holds for the very next decision; a faulty one changes nothing.
  Result<void> reload(authority::Policy policy);

  // Nothing: ready. Else why not.
  std::optional<std::string> not_ready();
  // How many connections are open; set by who runs the engine.
  std::function<std::size_t()> connections = [] { return std::size_t{0}; };

  const ServiceSettings& settings() const { return settings_; }
  authority::Limits& limits() { return limits_; }
  Counters& counters() { return counters_; }
  store::Store& store() { return *store_; }
  Recording& recording() { return recording_; }

 private:
  void publish(authority::Snapshot snapshot);

  ServiceSettings settings_;
  authority::Limits limits_;
  Counters counters_;
  std::unique_ptr<store::Store> store_;
  Recording recording_;  // writes to the store until it is gone

  const std::uint64_t identity_;
  std::atomic<std::uint64_t> version_{1};
  mutable std::mutex publish_mutex_;  // guards current_
  std::shared_ptr<const authority::Snapshot> current_;
  std::mutex write_mutex_;
};

authority::Instant current_instant();

bool is_admin(const authority::Snapshot& snapshot, const authority::KeyRecord& key);

// Makes sure that there is an administrator's key: at the first start the account and a key with
// all admin scopes. Gives the key when it was made, to be shown once.
Result<std::optional<base::Secret>> ensure_admin_key(Service& service);

}  // namespace locksmith::server
