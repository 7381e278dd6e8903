#include "server/replay.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "authority/decide.hpp"
#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/record.hpp"
#include "server/json_model.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

json::object not_repeatable(std::string_view why) {
  return {{"repeatable", false}, {"why_not", json::string(why)}};
}

// What trace_json kept of the request, beside the record's own columns.
struct Kept {
  std::string face, api, origin;
  bool secure = true;
  std::vector<std::string> scopes;
};

std::optional<Kept> read_kept(const std::string& trace) {
  boost::system::error_code error;
  const json::value value = json::parse(trace, error);
  if (error || !value.is_object()) return {};
  const json::value* request = value.get_object().if_contains("request");
  if (!request || !request->is_object()) return {};
  const json::object& from = request->get_object();
  Kept kept{
      text_of(value.get_object(), "face"), text_of(from, "api"), text_of(from, "origin"), true, {}};
  if (const json::value* secure = from.if_contains("secure"); secure && secure->is_bool())
    kept.secure = secure->get_bool();
  if (const json::value* scopes = from.if_contains("scopes"); scopes && scopes->is_array()) {
    for (const json::value& scope : scopes->get_array())
      if (scope.is_string()) kept.scopes.emplace_back(scope.get_string());
  }
  return kept;
}

// The policy with this key alone, under another secret, for its own is not known; and with its
// successor, which the words of a refusal name.
Result<authority::Snapshot> only_with(const authority::Snapshot& snapshot,
                                      const authority::KeyRecord& record,
                                      const base::Secret& stand_in) {
  std::vector<authority::Key> keys{snapshot.to_key(record)};
  keys[0].digest = authority::digest_of(stand_in.reveal());
  std::vector<authority::Account> accounts{*snapshot.account_of(record).account};
  const authority::KeyRecord* successor = snapshot.find_id(keys[0].successor);
  if (successor && snapshot.account_of(*successor).account->id == accounts[0].id)
    keys.push_back(snapshot.to_key(*successor));
  return authority::Snapshot::make(snapshot.policy(), std::move(accounts), std::move(keys));
}

json::object answer(const authority::Snapshot& snapshot, const authority::Request& request,
                    const authority::Decision& decision, authority::Instant now) {
  json::object told = json::parse(trace_json(snapshot, request, decision, now, "")).as_object();
  const auto cause = authority::slug(decision.cause);
  return {{"repeatable", true},
          {"allowed", decision.allowed()},
          {"cause", decision.allowed() ? json::value(nullptr) : json::value(json::string(cause))},
          {"policy", snapshot.policy().revision},
          {"checks", std::move(told["checks"])},
          {"single_change", std::move(told["single_change"])}};
}

}  // namespace

json::object replay(const authority::Snapshot& snapshot, const store::DecisionRecord& record,
                    authority::Instant now) {
  const auto kept = read_kept(record.trace);
  if (!kept) return not_repeatable("what was asked is not in the record");
  if (kept->face == "admin") return not_repeatable("it was a request of an administrator");
  if (record.key.empty())
    return not_repeatable("the key that was sent is not one of ours, and it was not kept");
  const authority::KeyRecord* found = snapshot.find_id(record.key);
  if (!found) return not_repeatable("the key is not there any more");

  const base::Secret stand_in = authority::make_secret("replay_");
  const auto alone = only_with(snapshot, *found, stand_in);
  if (!alone) return not_repeatable("the policy of now does not take the key");

  const std::vector<std::string_view> scopes(kept->scopes.begin(), kept->scopes.end());
  const std::vector<authority::Field> headers{{"Origin", kept->origin}};
  authority::Request request{
      .method = record.method,
      .host = record.host,
      .api = kept->api,
      .target = record.path,
      .headers = {},
      .client = authority::parse_address(record.client).value_or(authority::Address{}),
      .secure = kept->secure,
      .key = stand_in.reveal(),
      .scopes = scopes};
  if (!kept->origin.empty()) request.headers = headers;
  authority::Limits fresh;
  return answer(*alone, request, authority::decide(*alone, request, now, fresh), now);
}

}  // namespace locksmith::server
