// /v1/accounts: create, list, look at, change, suspend, resume.
#include <boost/json/value.hpp>

#include "authority/operations.hpp"
#include "base/text.hpp"
#include "server/admin.hpp"
#include "server/faces.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;
using authority::Account;
using authority::Change;
using authority::Snapshot;

Result<json::object> read_body(const Call& call) {
  return read_object(call.request.body, {"name", "plan", "rate", "quota", "metadata"});
}

void send_account(Call& call, const Snapshot& snapshot, std::string_view id, int status = 200) {
  const auto* record = snapshot.account(id);
  if (!record) return call.problem(404, "There is no such account.");
  send_json(call, status, to_json(*record->account));
}

// Answers with the account as it is after `wish`.
void change(Call& call, std::string_view action, const Service::Wish& wish) {
  const auto id = call.parameters[0];
  const auto after = apply(call, action, [&](const Snapshot& snapshot) -> Outcome<Change> {
    if (!snapshot.account(id)) return not_found("account");
    return wish(snapshot);
  });
  if (after) send_account(call, *after, id);
}

}  // namespace

void list_accounts(Call& call) {
  const auto page = read_page(call, {"state", "plan", "name"});
  if (!page) return;
  const auto state = query_value(call, "state"), plan = query_value(call, "plan"),
             name = query_value(call, "name");
  if (!state.empty() && state != "active" && state != "suspended")
    return call.problem(400, "\"state\" is active or suspended.");
  json::array items;
  std::string after = page->after;
  while (true) {
    const auto records = call.snapshot.accounts_after(after, 1000);
    for (const auto* record : records) {
      const Account& account = *record->account;
      after = account.id;
      if (!state.empty() && record->suspended != (state == "suspended")) continue;
      if (!plan.empty() && account.plan != plan) continue;
      if (!name.empty() && !base::contains_ignoring_case(account.name, name)) continue;
      items.push_back(to_json(account));
      if (items.size() == page->limit) return send_page(call, std::move(items), after);
    }
    if (records.size() < 1000) return send_page(call, std::move(items), "");
  }
}

void create_account(Call& call) {
  const auto body = read_body(call);
  if (!body) return call.problem(400, body.error().message);
  Account account;
  if (auto read = read_account(*body, account); !read)
    return call.problem(422, read.error().message);
  std::string id;
  const auto after =
      apply(call, "accounts.create", [&](const Snapshot& snapshot) -> Outcome<Change> {
        auto made = authority::put_account(snapshot, account, seconds_of(call.now));
        if (made && !made->accounts.empty()) id = made->accounts.front().id;
        return outcome(std::move(made));
      });
  if (after) send_account(call, *after, id, 201);
}

void get_account(Call& call) { send_account(call, call.snapshot, call.parameters[0]); }

void change_account(Call& call) {
  const auto body = read_body(call);
  if (!body) return call.problem(400, body.error().message);
  change(call, "accounts.change", [&](const Snapshot& snapshot) -> Outcome<Change> {
    Account changed = *snapshot.account(call.parameters[0])->account;
    if (auto read = read_account(*body, changed); !read)
      return std::unexpected(Refused{422, read.error().message});
    return outcome(authority::put_account(snapshot, changed, seconds_of(call.now)));
  });
}

void suspend_account(Call& call) {
  const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body, {"reason"});
  if (!body) return call.problem(400, body.error().message);
  if (call.parameters[0] == admin_account)
    return call.problem(409, "The administrators' account cannot be suspended.");
  change(call, "accounts.suspend", [&](const Snapshot& snapshot) {
    return outcome(authority::suspend_account(snapshot, call.parameters[0],
                                              text_of(*body, "reason"), seconds_of(call.now)));
  });
}

void resume_account(Call& call) {
  change(call, "accounts.resume", [&](const Snapshot& snapshot) {
    return outcome(authority::resume_account(snapshot, call.parameters[0], seconds_of(call.now)));
  });
}

}  // namespace locksmith::server
