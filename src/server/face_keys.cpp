// /v1/keys: issue, list, look at, change, revoke, rotate, import.
#include <boost/json/value.hpp>

#include "authority/operations.hpp"
#include "authority/record.hpp"
#include "authority/units.hpp"
#include "base/text.hpp"
#include "server/admin.hpp"
#include "server/faces.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;
using authority::Change;
using authority::Key;
using authority::KeyRecord;
using authority::Snapshot;

// How many keys one request for a list may look at before it gives what it has.
constexpr std::size_t most_looked_at = 50'000;
constexpr std::size_t most_imported = 10'000;

std::optional<authority::KeyState> state_from(std::string_view name) {
  if (name == "active") return authority::KeyState::active;
  if (name == "revoked") return authority::KeyState::revoked;
  if (name == "rotated") return authority::KeyState::rotated;
  if (name == "leaked") return authority::KeyState::leaked;
  return {};
}

struct Filter {
  std::string account, environment, name;
  std::optional<authority::KeyState> state;

  bool passes(const Snapshot& snapshot, const KeyRecord& record) const {
    if (state && record.state != *state) return false;
    if (!account.empty() && snapshot.account_of(record).account->id != account) return false;
    if (!name.empty() && !base::contains_ignoring_case(snapshot.texts(record).name, name))
      return false;
    return environment.empty() || snapshot.to_key(record).environment == environment;
  }
};

void send_key(Call& call, const Snapshot& snapshot, std::string_view id, int status = 200,
              const base::Secret* secret = nullptr) {
  const auto* record = snapshot.find_id(id);
  if (!record) return call.problem(404, "There is no such key.");
  auto body = to_json(snapshot.to_key(*record));
  if (secret) body["secret"] = secret->reveal();  // the one time that it is told
  send_json(call, status, body);
}

// Keys of administrators are for those who may write administrators.
Outcome<Change> guarded(const Call& call, std::string_view account, Outcome<Change> change) {
  if (account != admin_account || call.rules_admins) return change;
  return std::unexpected(
      Refused{403, "Administrators' keys need the scope " + std::string(admins_write) + "."});
}
Outcome<Change> guarded(const Call& call, const Snapshot& snapshot, std::string_view id,
                        Outcome<Change> change) {
  const auto* record = snapshot.find_id(id);
  return record ? guarded(call, snapshot.account_of(*record).account->id, std::move(change))
                : not_found("key");
}

// A Wish for an operation that issues a secret.
Outcome<Change> keep(std::optional<authority::Issued>& issued, Result<authority::Issued> made) {
  if (!made) return outcome(std::unexpected(made.error()));
  issued = std::move(*made);
  return issued->change;
}

}  // namespace

void list_keys(Call& call) {
  const auto page = read_page(call, {"account", "environment", "state", "name"});
  if (!page) return;
  Filter filter{query_value(call, "account"),
                query_value(call, "environment"),
                query_value(call, "name"),
                {}};
  if (const auto state = query_value(call, "state"); !state.empty()) {
    filter.state = state_from(state);
    if (!filter.state) return call.problem(400, "\"state\" is active, revoked, rotated or leaked.");
  }
  json::array items;
  std::string after = page->after;
  for (std::size_t looked_at = 0; looked_at < most_looked_at;) {
    const auto records = call.snapshot.keys_after(after, 1000);
    for (const auto* record : records) {
      after = call.snapshot.id_of(*record);
      if (!filter.passes(call.snapshot, *record)) continue;
      items.push_back(to_json(call.snapshot.to_key(*record)));
      if (items.size() == page->limit) return send_page(call, std::move(items), after);
    }
    looked_at += records.size();
    if (records.size() < 1000) return send_page(call, std::move(items), "");
  }
  send_page(call, std::move(items), after);
}

void create_key(Call& call) {
  const auto body = read_object(
      call.request.body, {"account", "name", "environment", "scopes", "endpoints", "methods",
                          "addresses", "origins", "rate", "not_before", "expires", "metadata"});
  if (!body) return call.problem(400, body.error().message);
  Key draft;
  if (const auto read = read_key(*body, draft); !read)
    return call.problem(422, read.error().message);
  std::optional<authority::Issued> issued;
  const auto after = apply(call, "keys.create", [&](const Snapshot& snapshot) {
    return guarded(call, draft.account,
                   keep(issued, authority::create_key(snapshot, draft, seconds_of(call.now))));
  });
  if (after) send_key(call, *after, issued->id, 201, &issued->secret);
}

void get_key(Call& call) { send_key(call, call.snapshot, call.parameters[0]); }

void change_key(Call& call) {
  const auto body =
      read_object(call.request.body, {"name", "scopes", "endpoints", "methods", "addresses",
                                      "origins", "rate", "not_before", "expires", "metadata"});
  if (!body) return call.problem(400, body.error().message);
  const auto id = call.parameters[0];
  const auto after = apply(call, "keys.change", [&](const Snapshot& snapshot) -> Outcome<Change> {
    const auto* record = snapshot.find_id(id);
    if (!record) return not_found("key");
    Key changed = snapshot.to_key(*record);
    if (auto read = read_key(*body, changed); !read)
      return std::unexpected(Refused{422, read.error().message});
    return guarded(call, changed.account,
                   outcome(authority::change_key(snapshot, changed, seconds_of(call.now))));
  });
  if (after) send_key(call, *after, id);
}

void revoke_key(Call& call) {
  const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body, {"reason"});
  if (!body) return call.problem(400, body.error().message);
  const auto id = call.parameters[0];
  const auto after = apply(call, "keys.revoke", [&](const Snapshot& snapshot) {
    return guarded(call, snapshot, id,
                   outcome(authority::revoke_key(snapshot, id, text_of(*body, "reason"),
                                                 seconds_of(call.now))));
  });
  if (after) send_key(call, *after, id);
}

void rotate_key(Call& call) {
  const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body,
                                {"grace", "finish_when_unused"});
  if (!body) return call.problem(400, body.error().message);
  authority::Rotation rotation;
  for (const auto& [name, target] :
       {std::pair{"grace", &rotation.grace},
        std::pair{"finish_when_unused", &rotation.finish_when_unused}}) {
    if (!body->contains(name)) continue;
    const auto duration = authority::parse_duration(text_of(*body, name));
    if (!duration)
      return call.problem(422, "\"" + std::string(name) + "\" is no duration such as \"24h\".");
    *target = *duration;
  }
  const auto id = call.parameters[0];
  std::optional<authority::Issued> issued;
  const auto after = apply(call, "keys.rotate", [&](const Snapshot& snapshot) {
    return guarded(
        call, snapshot, id,
        keep(issued, authority::rotate_key(snapshot, id, rotation, seconds_of(call.now))));
  });
  if (after) send_key(call, *after, issued->id, 201, &issued->secret);
}

// {"keys": [{"sha256": hex or base64, "account": …, …}]}: all of them or none.
void import_keys(Call& call) {
  const auto body = read_object(call.request.body, {"keys"});
  if (!body) return call.problem(400, body.error().message);
  const auto* list = body->if_contains("keys");
  if (!list || !list->is_array() || list->get_array().size() > most_imported)
    return call.problem(400, "\"keys\" is a list of at most 10000 keys.");
  std::vector<Key> keys;
  for (const auto& each : list->get_array()) {
    if (!each.is_object()) return call.problem(400, "\"keys\" holds what is no object.");
    Key key;
    if (auto read = read_imported_key(each.get_object(), key); !read)
      return call.problem(422,
                          "key " + std::to_string(keys.size() + 1) + ": " + read.error().message);
    if (key.account == admin_account && !call.rules_admins)
      return call.problem(403, "Administrators' keys are not imported.");
    keys.push_back(std::move(key));
  }
  const auto after = apply(call, "keys.import", [&](const Snapshot& snapshot) {
    return outcome(authority::import_keys(snapshot, keys, seconds_of(call.now)));
  });
  if (after) send_json(call, 201, {{"imported", keys.size()}});
}

void key_uses(Call& call) {
  const std::string id(call.parameters[0]);
  if (!call.snapshot.find_id(id)) return call.problem(404, "There is no such key.");
  call.service.recording().flush();
  const auto uses = call.service.store().uses(id);
  if (!uses) return call.problem(503, uses.error().message);
  json::array items;
  for (const auto& use : *uses) items.push_back(to_json(use));
  send_page(call, std::move(items), "");
}

}  // namespace locksmith::server
