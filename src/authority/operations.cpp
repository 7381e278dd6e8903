#include "authority/operations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "authority/compiled.hpp"
#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/record.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace locksmith::authority {
namespace {

std::unexpected<Error> wrong(std::string message, std::string hint = {}) {
  return fail(ErrorCode::usage, std::move(message), std::move(hint));
}

constexpr std::size_t max_text = 4096, max_metadata = 16384, max_list = 1000;

// Names and reasons go into terminals, logs and header fields.
Result<void> check_text(std::string_view what, std::string_view text, std::size_t most = max_text) {
  if (text.size() > most) return wrong(fmt::format("the {} is longer than {} bytes", what, most));
  if (!base::is_valid_utf8(text) ||
      std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }))
    return wrong(fmt::format("the {} holds a control character or is not UTF-8", what));
  return {};
}

Result<void> check_rate(const std::optional<Rate>& rate) {
  if (rate &&
      (rate->requests == 0 || rate->period.count() <= 0 || rate->period > std::chrono::days(366)))
    return wrong("a rate is at least one request in a period of one second to one year");
  return {};
}

Result<void> check_grant(const Grant& grant) {
  for (const auto* list : {&grant.scopes, &grant.endpoints, &grant.methods, &grant.origins}) {
    if (list->size() > max_list) return wrong("a list of what a key may do is too long");
    for (const std::string& text : *list) {
      if (text.empty()) return wrong("a list of what a key may do holds an empty text");
      if (auto ok = check_text("text", text, 512); !ok) return ok;
    }
  }
  for (const std::string& scope : grant.scopes) {
    // RFC 6749 section 3.3: what a scope may be made of.
    if (std::ranges::any_of(scope,
                            [](char c) { return c <= ' ' || c > '~' || c == '"' || c == '\\'; }))
      return wrong(fmt::format("\"{}\" cannot be a scope", base::printable(scope)));
  }
  if (grant.addresses.size() > max_list) return wrong("a key has too many addresses");
  const auto compiled = compile(grant);
  if (!compiled) return std::unexpected(compiled.error());
  return {};
}

// What every key must be, whether issued here or imported.
Result<void> check_key(const Snapshot& snapshot, const Key& key) {
  if (!snapshot.account(key.account)) {
    return wrong(fmt::format("there is no account {}", base::printable(key.account)),
                 "make it first, or look at the list of accounts");
  }
  for (const auto& [what, text] : {std::pair{"name", &key.name}, std::pair{"reason", &key.reason},
                                   std::pair{"hint", &key.hint}}) {
    if (auto ok = check_text(what, *text); !ok) return ok;
  }
  if (auto ok = check_text("metadata", key.metadata, max_metadata); !ok) return ok;
  if (auto ok = check_grant(key.grant); !ok) return ok;
  if (key.expires && key.not_before && *key.expires <= *key.not_before)
    return wrong("the key would expire before it is valid");
  return check_rate(key.rate);
}

Result<const Environment*> environment_of(const Snapshot& snapshot, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Environment& each : snapshot.policy().environments) {
    if (each.name == name) return &each;
    names.push_back(each.name);
  }
  const std::string_view near = base::nearest(name, names);
  return wrong(fmt::format("there is no environment \"{}\"", base::printable(name)),
               near.empty() ? std::string() : fmt::format("did you mean \"{}\"?", near));
}

Result<Key> key_of(const Snapshot& snapshot, std::string_view id) {
  if (const KeyRecord* record = snapshot.find_id(id)) return snapshot.to_key(*record);
  return wrong(fmt::format("there is no key {}", base::printable(id.substr(0, 64))),
               "a key's id starts with key_; its secret is not its id");
}

Result<Account> account_of(const Snapshot& snapshot, std::string_view id) {
  if (const AccountRecord* record = snapshot.account(id)) return *record->account;
  return wrong(fmt::format("there is no account {}", base::printable(id.substr(0, 64))));
}

Result<Issued> issue(const Snapshot& snapshot, Key key, base::Time now) {
  const auto environment = environment_of(snapshot, key.environment);
  if (!environment) return std::unexpected(environment.error());
  if ((*environment)->prefix.empty()) {
    return wrong(fmt::format("the environment \"{}\" has no prefix for keys", key.environment),
                 "give it one in locksmith.toml");
  }
  Issued out{.change = {}, .id = make_id("key_"), .secret = make_secret((*environment)->prefix)};
  key.id = out.id;
  key.digest = digest_of(out.secret.reveal());
  key.hint = hint_of(out.secret.reveal(), snapshot.policy().environments);
  key.created = now;
  out.change.keys.push_back(std::move(key));
  return out;
}

Change change_of(std::string action, Key key) {
  return {.accounts = {}, .keys = {std::move(key)}, .actor = {}, .action = std::move(action)};
}
Change change_of(std::string action, Account account) {
  return {.accounts = {std::move(account)}, .keys = {}, .actor = {}, .action = std::move(action)};
}

}  // namespace

Result<Issued> create_key(const Snapshot& snapshot, Key draft, base::Time now) {
  if (auto ok = check_key(snapshot, draft); !ok) return std::unexpected(ok.error());
  if (draft.expires && *draft.expires <= now) return wrong("the key would expire in the past");
  draft.state = KeyState::active;
  draft.reason = draft.successor = draft.leak_url = "";
  draft.since = draft.grace_until = std::nullopt;
  draft.finish_when_unused = {};
  auto out = issue(snapshot, std::move(draft), now);
  if (out) out->change.action = "keys.create";
  return out;
}

Result<Issued> rotate_key(const Snapshot& snapshot, std::string_view id, Rotation rotation,
                          base::Time now) {
  auto old = key_of(snapshot, id);
  if (!old) return std::unexpected(old.error());
  if (old->state != KeyState::active) {
    return wrong(fmt::format("{} is not active any more", old->id),
                 old->successor.empty() ? "make a new key"
                                        : fmt::format("it was replaced by {}", old->successor));
  }
  if (rotation.grace.count() < 0 || rotation.finish_when_unused.count() < 0)
    return wrong("a grace period cannot be negative");
  Key fresh = *old;
  // The new one lives as long as the old one was meant to.
  if (old->expires) fresh.expires = now + (*old->expires - old->created);
  if (old->not_before && *old->not_before < now) fresh.not_before.reset();
  auto out = issue(snapshot, std::move(fresh), now);
  if (!out) return out;
  old->state = KeyState::rotated;
  old->reason = "rotated";
  old->since = now;
  old->successor = out->id;
  if (rotation.grace.count() > 0) old->grace_until = now + rotation.grace;
  old->finish_when_unused = rotation.finish_when_unused;
  out->change.keys.push_back(std::move(*old));
  out->change.action = "keys.rotate";
  return out;
}

Result<Change> finish_rotation(const Snapshot& snapshot, std::string_view id, base::Time now) {
  auto key = key_of(snapshot, id);
  if (!key) return std::unexpected(key.error());
  if (key->state != KeyState::rotated || !key->grace_until || *key->grace_until <= now)
    return wrong(fmt::format("{} is in no grace period", key->id));
  key->grace_until = now;
  return change_of("keys.finish", std::move(*key));
}

Result<Change> revoke_key(const Snapshot& snapshot, std::string_view id, std::string reason,
                          base::Time now) {
  auto key = key_of(snapshot, id);
  if (!key) return std::unexpected(key.error());
  if (auto ok = check_text("reason", reason); !ok) return std::unexpected(ok.error());
  if (key->state == KeyState::revoked || key->state == KeyState::leaked)
    return wrong(fmt::format("{} is revoked already", key->id));
  key->state = KeyState::revoked;
  key->reason = std::move(reason);
  key->since = now;
  key->grace_until.reset();
  return change_of("keys.revoke", std::move(*key));
}

Result<Change> mark_leaked(const Snapshot& snapshot, const Digest& digest, std::string url,
                           base::Time now) {
  const KeyRecord* record = snapshot.find(digest);
  if (!record) return wrong("no such key is known here");
  if (auto ok = check_text("URL", url); !ok) return std::unexpected(ok.error());
  Key key = snapshot.to_key(*record);
  if (key.state == KeyState::leaked) return wrong(fmt::format("{} is marked already", key.id));
  key.state = KeyState::leaked;
  key.reason = "found in public";
  key.leak_url = std::move(url);
  key.since = now;
  key.grace_until.reset();
  return change_of("keys.leaked", std::move(key));
}

Result<Change> import_keys(const Snapshot& snapshot, std::vector<Key> keys, base::Time now) {
  Change out{.accounts = {}, .keys = {}, .actor = {}, .action = "keys.import"};
  std::vector<Digest> digests;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Key& key = keys[i];
    const auto at = [&](const Error& error) {
      return wrong(fmt::format("key {}: {}", i + 1, error.message), error.hint);
    };
    if (key.id.empty()) key.id = make_id("key_");
    if (key.created == base::Time{}) key.created = now;
    if (auto ok = check_key(snapshot, key); !ok) return at(ok.error());
    if (auto ok = check_text("id", key.id, 64); !ok) return at(ok.error());
    if (snapshot.find(key.digest)) return at({ErrorCode::usage, "its secret is known already", ""});
    if (snapshot.find_id(key.id)) return at({ErrorCode::usage, "its id is another key's", ""});
    digests.push_back(key.digest);
  }
  std::ranges::sort(digests);
  if (std::ranges::adjacent_find(digests) != digests.end())
    return wrong("two of the keys have the same secret");
  out.keys = std::move(keys);
  return out;
}

Result<Change> change_key(const Snapshot& snapshot, const Key& changed, base::Time) {
  auto key = key_of(snapshot, changed.id);
  if (!key) return std::unexpected(key.error());
  key->name = changed.name;
  key->grant = changed.grant;
  key->rate = changed.rate;
  key->not_before = changed.not_before;
  key->expires = changed.expires;
  key->metadata = changed.metadata;
  if (auto ok = check_key(snapshot, *key); !ok) return std::unexpected(ok.error());
  return change_of("keys.change", std::move(*key));
}

Result<Change> put_account(const Snapshot& snapshot, Account account, base::Time now) {
  const bool fresh = account.id.empty();
  if (fresh) account.id = make_id("acct_");
  if (const AccountRecord* known = snapshot.account(account.id))
    account.created = known->account->created;
  else if (account.created == base::Time{})
    account.created = now;
  if (auto ok = check_text("id", account.id, 64); !ok) return std::unexpected(ok.error());
  if (auto ok = check_text("name", account.name); !ok) return std::unexpected(ok.error());
  if (auto ok = check_text("reason", account.reason); !ok) return std::unexpected(ok.error());
  if (auto ok = check_text("metadata", account.metadata, max_metadata); !ok)
    return std::unexpected(ok.error());
  if (auto ok = check_rate(account.rate); !ok) return std::unexpected(ok.error());
  const auto& plans = snapshot.policy().plans;
  if (!account.plan.empty() && std::ranges::find(plans, account.plan, &Plan::name) == plans.end())
    return wrong(fmt::format("there is no plan \"{}\"", base::printable(account.plan)));
  return change_of(fresh ? "accounts.create" : "accounts.change", std::move(account));
}

Result<Change> suspend_account(const Snapshot& snapshot, std::string_view id, std::string reason,
                               base::Time now) {
  auto account = account_of(snapshot, id);
  if (!account) return std::unexpected(account.error());
  if (auto ok = check_text("reason", reason); !ok) return std::unexpected(ok.error());
  if (account->state == AccountState::suspended)
    return wrong(fmt::format("{} is suspended already", account->id));
  account->state = AccountState::suspended;
  account->reason = std::move(reason);
  account->since = now;
  return change_of("accounts.suspend", std::move(*account));
}

Result<Change> resume_account(const Snapshot& snapshot, std::string_view id, base::Time) {
  auto account = account_of(snapshot, id);
  if (!account) return std::unexpected(account.error());
  if (account->state == AccountState::active)
    return wrong(fmt::format("{} is not suspended", account->id));
  account->state = AccountState::active;
  account->reason.clear();
  account->since.reset();
  return change_of("accounts.resume", std::move(*account));
}

}  // namespace locksmith::authority
