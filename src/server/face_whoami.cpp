// GET /v1/whoami: the holder of a key asks what it is and may do. A key that does not work gets the
// refusal that it would get anywhere. Asking takes nothing from the key's limits; trying wrong keys
// counts as everywhere.
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "server/faces.hpp"
#include "server/forwarded.hpp"
#include "server/json_model.hpp"
#include "server/recording.hpp"
#include "server/refusal.hpp"

namespace locksmith::server {

void whoami(Call& call) {
  const auto& proxies = call.snapshot.policy().trusted_proxies;
  authority::Request request;
  request.headers = call.request.headers;
  request.target = call.request.target;  // the key may be in the query
  request.host = call.request.only("Host");
  request.api = parameter(call.request.query(), "api");
  Testimony(call.request, proxies).tell_client(Without::peer, request);
  request.peek = true;
  const auto decision = call.service.decide(call.snapshot, request, call.now, Face::whoami);
  remember(call, request, decision, Face::whoami);
  if (!decision.allowed()) return send_refusal(call, request, decision);
  if (!decision.key) return call.problem(401, "No key was sent.");

  auto out = to_json(call.snapshot.to_key(*decision.key));
  out.erase("metadata");  // the administrators' notes
  const auto& account = *call.snapshot.account_of(*decision.key).account;
  out["account"] = boost::json::object{{"id", account.id}, {"name", account.name}};
  if (decision.rate.limited) out["ratelimit"] = to_json(decision.rate);
  if (decision.quota.limited) out["quota"] = to_json(decision.quota);
  out["request_id"] = call.id;
  auto& response = call.response;
  response.start(200);
  response.header("X-Request-Id", call.id);
  for (const auto& [name, value] : authority::allowed_headers(call.snapshot, decision, call.now))
    response.header(name, value);
  response.header("Cache-Control", "no-store");
  response.finish("application/json", boost::json::serialize(out));
}

}  // namespace locksmith::server
