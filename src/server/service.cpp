// Every thread keeps a pointer to the snapshot that it saw last; one atomic number tells it whether
// that is still the newest.
#include "server/service.hpp"

namespace locksmith::server {
namespace {

std::atomic<std::uint64_t> instances{0};

// An administrator's key belongs to no API, so none can want another environment of it.
void forgive_environment(authority::Decision& decision) {
  constexpr auto forgiven = static_cast<std::size_t>(authority::Check::environment);
  if (!decision.failed[forgiven]) return;
  decision.failed.reset(forgiven);
  if (decision.failed_first != authority::Check::environment) return;
  decision.cause = authority::Cause::none;
  for (std::size_t i = 0; i < authority::check_count; ++i) {
    if (!decision.failed[i]) continue;
    decision.cause = decision.causes[i];
    decision.failed_first = static_cast<authority::Check>(i);
    return;
  }
}

std::int64_t now_us() { return current_instant().time_since_epoch().count(); }

Outcome<authority::Change> unusable(const Error& error) {
  return std::unexpected(Refused{422, error.message});
}

}  // namespace

authority::Instant current_instant() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Service::Service(ServiceSettings settings, authority::Snapshot snapshot,
                 std::unique_ptr<store::Store> store)
    : settings_(std::move(settings)),
      store_(std::move(store)),
      recording_(*store_, settings_.recording),
      identity_(++instances),
      current_(std::make_shared<const authority::Snapshot>(std::move(snapshot))) {}

Service::~Service() = default;

const authority::Snapshot& Service::pin() const {
  thread_local std::uint64_t of = 0, version = 0;
  thread_local std::shared_ptr<const authority::Snapshot> mine;
  const auto newest = version_.load(std::memory_order_acquire);
  if (of != identity_ || version != newest) {
    const std::lock_guard lock(publish_mutex_);
    mine = current_;
    of = identity_;
    version = version_.load(std::memory_order_relaxed);
  }
  return *mine;
}

authority::Snapshot Service::current() const {
  const std::lock_guard lock(publish_mutex_);
  return *current_;
}

void Service::publish(authority::Snapshot snapshot) {
  auto next = std::make_shared<const authority::Snapshot>(std::move(snapshot));
  const std::lock_guard lock(publish_mutex_);
  current_.swap(next);
  version_.fetch_add(1, std::memory_order_release);
}

bool is_admin(const authority::Snapshot& snapshot, const authority::KeyRecord& key) {
  return snapshot.account_of(key).account->id == admin_account;
}

authority::Decision Service::decide(const authority::Snapshot& snapshot,
                                    const authority::Request& request, authority::Instant now,
                                    Face face) {
  auto decision = authority::decide(snapshot, request, now, limits_);
  if (decision.key) snapshot.prefetch_texts(*decision.key);  // every face tells the id
  if (decision.key && is_admin(snapshot, *decision.key) != (face == Face::admin)) {
    authority::Decision other;
    other.cause = authority::Cause::wrong_credential_type;
    other.failed_first = authority::Check::known;
    other.failed.set(static_cast<std::size_t>(authority::Check::known));
    other.causes[static_cast<std::size_t>(authority::Check::known)] = other.cause;
    other.made = other.failed;
    other.presented = decision.presented;
    decision = other;
  }
  if (face == Face::admin) forgive_environment(decision);
  counters_.decided(face, decision.cause);
  return decision;
}

Outcome<authority::Snapshot> Service::change(std::string_view actor, std::string_view action,
                                             const Wish& wish) {
  const std::lock_guard lock(write_mutex_);
  const auto before = current();
  auto change = wish(before);
  if (!change) return std::unexpected(change.error());
  change->actor = actor;
  change->action = action;
  auto after = before.with(*change);
  if (!after) return std::unexpected(Refused{422, after.error().message});
  if (const auto written = store_->apply(*change, now_us()); !written)
    return std::unexpected(Refused{503, "the store did not take it: " + written.error().message});
  publish(*after);
  return std::move(*after);
}

Result<void> Service::reload(authority::Policy policy) {
  const std::lock_guard lock(write_mutex_);
  auto after = current().with(std::move(policy));
  if (!after) return std::unexpected(after.error());
  publish(std::move(*after));
  return {};
}

std::optional<std::string> Service::not_ready() {
  if (const auto healthy = store_->healthy(); !healthy)
    return "no change can be written: " + healthy.error().message;
  return {};
}

// Account and key in one change: an account without a key would be an authority without a door.
Result<std::optional<base::Secret>> ensure_admin_key(Service& service) {
  const auto now = std::chrono::floor<std::chrono::seconds>(current_instant());
  if (service.current().account(admin_account)) return std::nullopt;
  std::optional<base::Secret> secret;
  const auto made = service.change(
      "local", "keys.create", [&](const auto& snapshot) -> Outcome<authority::Change> {
        authority::Account admin;
        admin.id = admin_account;
        admin.name = "Administrators of this authority";
        auto change = authority::put_account(snapshot, admin, now);
        if (!change) return unusable(change.error());
        const auto with_account = snapshot.with(*change);
        if (!with_account) return unusable(with_account.error());
        authority::Key draft;
        draft.account = admin_account;
        draft.name = "made at the first start";
        draft.grant.scopes = {"admin:*"};
        const auto& environments = snapshot.policy().environments;
        if (!environments.empty()) draft.environment = environments.front().name;
        auto issued = authority::create_key(*with_account, std::move(draft), now);
        if (!issued) return unusable(issued.error());
        secret = issued->secret;
        issued->change.accounts = std::move(change->accounts);
        return std::move(issued->change);
      });
  if (!made) return fail(ErrorCode::unreachable, made.error().detail);
  return secret;
}

}  // namespace locksmith::server
