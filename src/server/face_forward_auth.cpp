// GET /v1/forward-auth: a proxy asks whether the request that it holds may pass. The path that is
// walked most: no allocation of its own when the answer is yes.
#include <string>

#include "authority/compiled.hpp"
#include "authority/record.hpp"
#include "server/faces.hpp"
#include "server/forwarded.hpp"
#include "server/recording.hpp"
#include "server/refusal.hpp"

namespace locksmith::server {
namespace {

using authority::Decision;
using authority::Request;

// Always all of them, empty when nothing is known: what the client sent under these names must
// never reach the API as if it came from here. But for nginx, which sets variables: they are empty
// for a header that is missing, too, and each that is there costs it a piece of the answer.
void identity(Call& call, const Decision& decision, bool for_nginx) {
  const auto tell = [&](std::string_view name, std::string_view value) {
    if (!for_nginx || !value.empty()) call.response.header(name, value);
  };
  thread_local std::string scopes;
  scopes.clear();
  std::string_view key, account;
  if (decision.key) {
    key = call.snapshot.id_of(*decision.key);
    account = call.snapshot.account_of(*decision.key).account->id;
    for (const auto& scope : decision.key->grant->grant.scopes) {
      if (!scopes.empty()) scopes += ' ';
      scopes += scope;
    }
  }
  tell("X-Locksmith-Key", key);
  tell("X-Locksmith-Account", account);
  tell("X-Locksmith-Scopes", scopes);
}

// auth_request takes any 2xx: a 204 spares nginx a Content-Length.
void allow(Call& call, const Decision& decision, bool for_nginx) {
  auto& response = call.response;
  response.start(for_nginx ? 204 : 200);
  response.header("X-Request-Id", call.id);
  identity(call, decision, for_nginx);
  for (const auto& [name, value] : authority::allowed_headers(call.snapshot, decision, call.now))
    response.header(name, value);
  response.header("Cache-Control", "no-store");
  response.finish();
}

// nginx knows 401 and 403 of this answer, and takes the body from nowhere: the recipe in
// integrations/nginx hands the header back to /v1/refusal and sends what that answers. Never a 401,
// to which nginx would add a WWW-Authenticate of its own.
void refuse_for_nginx(Call& call, const Request& request, const Decision& decision) {
  const auto refusal = refusal_for(call, request, decision);
  auto& response = call.response;
  response.start(403);
  response.header("X-Request-Id", call.id);
  response.header("X-Locksmith-Status", std::to_string(refusal.status));
  response.header("X-Locksmith-Refusal", pack(refusal, call.id));
  response.header("Cache-Control", "no-store");
  response.finish();
}

}  // namespace

void forward_auth(Call& call) {
  const Testimony proxy(call.request, call.snapshot.policy().trusted_proxies);
  if (!proxy.believed())
    return call.problem(500,
                        "This proxy is not declared in trusted_proxies of the policy, so what it "
                        "says about the request is not believed.");
  const auto original = proxy.original_request();
  if (!original)
    return call.problem(500,
                        "The headers that describe the original request are missing, or there "
                        "twice: X-Forwarded-Method, X-Forwarded-Uri and X-Forwarded-Host, or for "
                        "?proxy=nginx X-Original-Method and X-Original-URI.");
  Request request;
  request.method = original->method;
  request.host = original->host;
  request.target = original->target;
  request.api = parameter(call.request.query(), "api");
  request.headers = call.request.headers;
  proxy.tell_client(Without::unknown, request);
  const auto decision = call.service.decide(call.snapshot, request, call.now, Face::forward_auth);
  remember(call, request, decision, Face::forward_auth);
  if (decision.allowed()) return allow(call, decision, original->for_nginx);
  if (original->for_nginx) return refuse_for_nginx(call, request, decision);
  send_refusal(call, request, decision);
}

// GET /v1/refusal: what was packed for nginx, as it would have been sent.
void relayed_refusal(Call& call) {
  const auto& proxies = call.snapshot.policy().trusted_proxies;
  const auto packed = call.request.only("X-Locksmith-Refusal");
  if (!is_trusted(call.request, proxies) || packed.empty())
    return call.problem(403, "The proxy in front of this API refused the request itself.");
  const auto refusal = unpack(packed);
  if (!refusal) return call.problem(400, "X-Locksmith-Refusal is not what this authority sends.");
  send(call, *refusal);
}

}  // namespace locksmith::server
