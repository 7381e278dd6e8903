#include "authority/snapshot.hpp"

#include <fmt/format.h>

#include <cstring>
#include <numeric>
#include <unordered_map>

#include "authority/compiled.hpp"
#include "authority/id_index.hpp"
#include "authority/record.hpp"
#include "authority/shard.hpp"
#include "authority/shared_tree.hpp"

namespace locksmith::authority {
namespace {

std::int64_t seconds(const std::optional<base::Time>& time, std::int64_t otherwise) {
  return time ? time->time_since_epoch().count() : otherwise;
}

std::optional<base::Time> time_of(std::int64_t seconds) {
  if (seconds == KeyRecord::never || seconds == KeyRecord::always) return {};
  return base::Time(std::chrono::seconds(seconds));
}

KeyTexts texts_of(const Key& key) {
  return {key.id, key.name, key.hint, key.reason, key.successor, key.leak_url, key.metadata};
}

std::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::unreadable, std::move(message));
}

}  // namespace

struct Snapshot::Impl {
  explicit Impl(std::size_t expected = 0) : bits(expected > 2'000'000 ? 14 : 12) {
    const auto empty = std::make_shared<Shard>();
    const std::size_t width = std::size_t{1} << bits / 2;
    nodes.assign(width, std::make_shared<Node>(width, empty));
    views.assign(std::size_t{1} << bits, nothing);
  }

  using Node = std::vector<std::shared_ptr<Shard>>;
  static constexpr std::uint32_t free_slot = 0;
  static constexpr ShardView nothing{&free_slot, nullptr, nullptr, 0};
  unsigned bits;                             // 2^bits shards
  std::vector<ShardView> views;              // of each shard
  std::vector<std::shared_ptr<Node>> nodes;  // 2^(bits/2) of as many shards
  IdIndex key_ids, account_ids;              // of places, and of indexes
  SharedVector<AccountRecord> accounts;
  std::uint32_t key_count = 0;
  std::shared_ptr<const CompiledPolicy> policy;
  std::shared_ptr<Pool> pool = std::make_shared<Pool>();

  // A key's place: the number of its shard and its index there.
  std::uint32_t shard_number(const Digest& digest) const {
    std::uint32_t start = 0;
    std::memcpy(&start, digest.data(), sizeof start);
    return start & ((1u << bits) - 1);
  }
  std::uint32_t place(std::uint32_t shard, std::uint32_t index) const {
    return shard << (32 - bits) | index;
  }
  const Shard& shard(std::uint32_t number) const {
    return *(*nodes[number >> bits / 2])[number & ((1u << bits / 2) - 1)];
  }
  // Changes a shard by `change`, and its view with it.
  template <class F>
  auto write(std::uint32_t number, F change) {
    Shard& shard = own(own(nodes[number >> bits / 2])[number & ((1u << bits / 2) - 1)]);
    const std::uint32_t index = change(shard);
    views[number] = shard.view();
    return index;
  }
  void move_into_region();
  const KeyRecord& at(std::uint32_t place) const {
    return shard(place >> (32 - bits)).records()[place & ((1u << (32 - bits)) - 1)];
  }
  const ShardView& view_of(const Digest& digest) const { return views[shard_number(digest)]; }
  auto key_id() const {
    return [this](std::uint32_t place) {
      const KeyRecord& record = at(place);
      return view_of(record.digest).id(record);
    };
  }
  auto account_id() const {
    return [this](std::uint32_t index) { return std::string_view(accounts[index].account->id); };
  }

  Result<AccountRecord> record_of(const Account& account, std::uint32_t index) const;
  Result<KeyRecord> record_of(const Key& key, std::optional<std::uint32_t> account) const;
  Result<std::uint32_t> add(const Key& key, std::optional<std::uint32_t> account);
  // What is new has its number added to `fresh`, to be given to the index of ids at the end.
  using Fresh = std::vector<std::uint32_t>;
  Result<void> put(const Key& key, Fresh& fresh);
  Result<void> put(const Account& account, Fresh& fresh);
};

Result<AccountRecord> Snapshot::Impl::record_of(const Account& account, std::uint32_t index) const {
  AccountRecord out{
      .index = index,
      .plan = account.plan.empty() ? policy->default_plan : pool->number(account.plan),
      .suspended = account.state == AccountState::suspended,
      .own_limits = account.rate || account.quota,
      .account = std::make_shared<Account>(account)};
  if (account.id.empty()) return bad("an account has no id");
  if (!account.plan.empty() && !policy->plan(out.plan))
    return bad(fmt::format("{} has the plan \"{}\", which the policy does not know", account.id,
                           account.plan));
  return out;
}

Result<KeyRecord> Snapshot::Impl::record_of(const Key& key,
                                            std::optional<std::uint32_t> account) const {
  if (key.id.empty()) return bad("a key has no id");
  if (!account)
    return bad(fmt::format("{} is a key of {}, which is not there", key.id, key.account));
  const auto grant = pool->intern(key.grant);
  if (!grant) return std::unexpected(grant.error());
  KeyRecord out;
  out.digest = key.digest;
  out.grant = *grant;
  out.expires = seconds(key.expires, KeyRecord::never);
  out.not_before = seconds(key.not_before, KeyRecord::always);
  out.account = *account;
  out.environment = pool->number(key.environment);
  out.state = key.state;
  out.limited = key.rate.has_value();
  out.grace_until = seconds(key.grace_until, KeyRecord::always);
  out.since = seconds(key.since, KeyRecord::always);
  out.created = key.created.time_since_epoch().count();
  if (key.rate) {
    out.requests = key.rate->requests;
    out.period = static_cast<std::uint32_t>(key.rate->period.count());
    out.burst = key.rate->burst;
  }
  out.finish_when_unused = static_cast<std::uint32_t>(key.finish_when_unused.count());
  return out;
}

// The place of the new key.
Result<std::uint32_t> Snapshot::Impl::add(const Key& key, std::optional<std::uint32_t> account) {
  auto record = record_of(key, account);
  if (!record) return std::unexpected(record.error());
  const std::uint32_t number = shard_number(key.digest);
  if (shard(number).find(key.digest))
    return bad(fmt::format("the secret of {} is another key's, too", key.id));
  if (shard(number).records().size() >= Shard::max_records) return bad("too many keys");
  record->cell = key_count++;
  return place(number,
               write(number, [&](Shard& shard) { return shard.add(*record, texts_of(key)); }));
}

Result<void> Snapshot::Impl::put(const Key& key, Fresh& fresh) {
  const auto account = account_ids.find(key.account, account_id());
  const auto known = key_ids.find(key.id, key_id());
  if (!known) {
    const auto place = add(key, account);
    if (!place) return std::unexpected(place.error());
    fresh.push_back(*place);
    return {};
  }
  if (at(*known).digest != key.digest)
    return bad(fmt::format("{} cannot get another secret", key.id));
  auto record = record_of(key, account);
  if (!record) return std::unexpected(record.error());
  record->cell = at(*known).cell;
  const std::uint32_t index = *known & ((1u << (32 - bits)) - 1);
  write(*known >> (32 - bits), [&](Shard& shard) {
    shard.replace(index, *record, texts_of(key));
    return index;
  });
  return {};
}

Result<void> Snapshot::Impl::put(const Account& account, Fresh& fresh) {
  const auto known = account_ids.find(account.id, account_id());
  auto record = record_of(account, known.value_or(static_cast<std::uint32_t>(accounts.size())));
  if (!record) return std::unexpected(record.error());
  if (known) {
    accounts.writable(*known) = std::move(*record);
  } else {
    accounts.push_back(std::move(*record));
    fresh.push_back(static_cast<std::uint32_t>(accounts.size() - 1));
  }
  return {};
}

// What many keys were loaded into, close together.
void Snapshot::Impl::move_into_region() {
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < 1u << bits; ++i) bytes += shard(i).bytes();
  const auto region = std::make_shared<Region>(bytes);
  for (std::uint32_t i = 0; i < 1u << bits; ++i) {
    if (shard(i).records().empty()) continue;
    auto& node = own(nodes[i >> bits / 2]);
    auto& old = node[i & ((1u << bits / 2) - 1)];
    old = std::make_shared<Shard>(*old, region);
    views[i] = old->view();
  }
}

Snapshot::Snapshot() {
  auto impl = std::make_shared<Impl>();
  impl->policy = *compile(Policy{}, *impl->pool);
  impl_ = std::move(impl);
}

Result<Snapshot> Snapshot::make(Policy policy, std::vector<Account> accounts,
                                std::vector<Key> keys) {
  SnapshotBuilder builder(std::move(policy), keys.size());
  for (const Account& account : accounts) builder.add(account);
  for (const Key& key : keys) builder.add(key);
  return builder.finish();
}

Result<Snapshot> Snapshot::with(const Change& change) const {
  auto impl = std::make_shared<Impl>(*impl_);
  Impl::Fresh accounts, keys;
  for (const Account& account : change.accounts) {
    if (auto done = impl->put(account, accounts); !done) return std::unexpected(done.error());
  }
  if (!impl->account_ids.add(std::move(accounts), impl->account_id()))
    return bad("two accounts have the same id");
  for (const Key& key : change.keys) {
    if (auto done = impl->put(key, keys); !done) return std::unexpected(done.error());
  }
  if (!impl->key_ids.add(std::move(keys), impl->key_id())) return bad("two keys have the same id");
  Snapshot out;
  out.impl_ = std::move(impl);
  return out;
}

Result<Snapshot> Snapshot::with(Policy policy) const {
  auto impl = std::make_shared<Impl>(*impl_);
  auto compiled = compile(std::move(policy), *impl->pool);
  if (!compiled) return std::unexpected(compiled.error());
  impl->policy = std::move(*compiled);
  for (std::uint32_t i = 0; i < impl->accounts.size(); ++i) {
    auto record = impl->record_of(*impl->accounts[i].account, i);
    if (!record) return std::unexpected(record.error());
    if (record->plan != impl->accounts[i].plan) impl->accounts.writable(i) = std::move(*record);
  }
  Snapshot out;
  out.impl_ = std::move(impl);
  return out;
}

const Policy& Snapshot::policy() const { return impl_->policy->policy; }
const CompiledPolicy& Snapshot::compiled() const { return *impl_->policy; }
std::size_t Snapshot::size() const { return impl_->key_count; }
std::size_t Snapshot::account_count() const { return impl_->accounts.size(); }

const KeyRecord* Snapshot::find(const Digest& digest) const {
  return impl_->view_of(digest).find(digest);
}

void Snapshot::prefetch_slot(const Digest& digest) const {
  impl_->view_of(digest).prefetch_slot(digest);
}
void Snapshot::prefetch_record(const Digest& digest) const {
  impl_->view_of(digest).prefetch_record(digest);
}
void Snapshot::prefetch_texts(const KeyRecord& record) const {
  __builtin_prefetch(impl_->view_of(record.digest).text + record.text);
}

const KeyRecord* Snapshot::find_id(std::string_view id) const {
  const auto place = impl_->key_ids.find(id, impl_->key_id());
  return place ? &impl_->at(*place) : nullptr;
}

const AccountRecord* Snapshot::account(std::string_view id) const {
  const auto index = impl_->account_ids.find(id, impl_->account_id());
  return index ? &impl_->accounts[*index] : nullptr;
}

const AccountRecord& Snapshot::account_of(const KeyRecord& record) const {
  return impl_->accounts[record.account];
}

KeyTexts Snapshot::texts(const KeyRecord& record) const {
  return impl_->view_of(record.digest).texts(record);
}

std::string_view Snapshot::id_of(const KeyRecord& record) const {
  return impl_->view_of(record.digest).id(record);
}

Key Snapshot::to_key(const KeyRecord& record) const {
  const KeyTexts texts = this->texts(record);
  Key out{.id = std::string(texts.id),
          .account = account_of(record).account->id,
          .name = std::string(texts.name),
          .environment = impl_->pool->name(record.environment),
          .digest = record.digest,
          .hint = std::string(texts.hint),
          .grant = record.grant->grant,
          .rate = {},
          .not_before = time_of(record.not_before),
          .expires = time_of(record.expires),
          .state = record.state,
          .reason = std::string(texts.reason),
          .since = time_of(record.since),
          .successor = std::string(texts.successor),
          .grace_until = time_of(record.grace_until),
          .finish_when_unused = std::chrono::seconds(record.finish_when_unused),
          .leak_url = std::string(texts.leak_url),
          .metadata = std::string(texts.metadata),
          .created = base::Time(std::chrono::seconds(record.created))};
  if (record.limited) out.rate = record.rate();
  return out;
}

std::vector<const KeyRecord*> Snapshot::keys_after(std::string_view after,
                                                   std::size_t limit) const {
  std::vector<const KeyRecord*> out;
  for (const std::uint32_t place : impl_->key_ids.after(after, limit, impl_->key_id()))
    out.push_back(&impl_->at(place));
  return out;
}

std::vector<const AccountRecord*> Snapshot::accounts_after(std::string_view after,
                                                           std::size_t limit) const {
  std::vector<const AccountRecord*> out;
  for (const std::uint32_t index : impl_->account_ids.after(after, limit, impl_->account_id()))
    out.push_back(&impl_->accounts[index]);
  return out;
}

namespace {
constexpr std::size_t page_size = 1000;
}

void Snapshot::each_key(const std::function<void(const KeyRecord&)>& visit) const {
  for (auto page = keys_after("", page_size); !page.empty();
       page = keys_after(id_of(*page.back()), page_size)) {
    for (const auto* record : page) visit(*record);
  }
}

void Snapshot::each_account(const std::function<void(const AccountRecord&)>& visit) const {
  for (auto page = accounts_after("", page_size); !page.empty();
       page = accounts_after(page.back()->account->id, page_size)) {
    for (const auto* record : page) visit(*record);
  }
}

struct SnapshotBuilder::State {
  std::shared_ptr<Snapshot::Impl> impl;
  std::vector<std::uint32_t> places;                        // of all keys, in the order they came
  std::unordered_map<std::string, std::uint32_t> accounts;  // id → index
  std::optional<Error> fault;
};

SnapshotBuilder::SnapshotBuilder(Policy policy, std::size_t expected)
    : state_(std::make_unique<State>()) {
  state_->impl = std::make_shared<Snapshot::Impl>(expected);
  state_->places.reserve(expected);
  auto compiled = compile(std::move(policy), *state_->impl->pool);
  if (compiled)
    state_->impl->policy = std::move(*compiled);
  else
    state_->fault = compiled.error();
}

SnapshotBuilder::~SnapshotBuilder() = default;

void SnapshotBuilder::add(const Account& account) {
  if (state_->fault) return;
  auto& accounts = state_->impl->accounts;
  const auto index = static_cast<std::uint32_t>(accounts.size());
  auto record = state_->impl->record_of(account, index);
  if (!record)
    state_->fault = record.error();
  else if (!state_->accounts.emplace(account.id, index).second)
    state_->fault = Error{ErrorCode::unreadable, fmt::format("{} is there twice", account.id), ""};
  else
    accounts.push_back(std::move(*record));
}

void SnapshotBuilder::add(const Key& key) {
  if (state_->fault) return;
  const auto known = state_->accounts.find(key.account);
  std::optional<std::uint32_t> account;
  if (known != state_->accounts.end()) account = known->second;
  const auto place = state_->impl->add(key, account);
  if (place)
    state_->places.push_back(*place);
  else
    state_->fault = place.error();
}

Result<Snapshot> SnapshotBuilder::finish() {
  const auto state = std::move(state_);  // its tables go at the end of this function
  if (state->fault) return std::unexpected(*state->fault);
  Snapshot::Impl& impl = *state->impl;
  if (impl.key_count > 10'000) impl.move_into_region();
  std::vector<std::uint32_t> indexes(impl.accounts.size());
  std::iota(indexes.begin(), indexes.end(), 0);
  impl.account_ids.build(indexes, impl.account_id());
  if (!impl.key_ids.build(state->places, impl.key_id())) return bad("two keys have the same id");
  Snapshot out;
  out.impl_ = std::move(state->impl);
  return out;
}

}  // namespace locksmith::authority
