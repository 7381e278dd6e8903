// From a request to the face that answers it.
#include "server/routes.hpp"

#include <algorithm>
#include <array>

#include "authority/compiled.hpp"
#include "authority/record.hpp"
#include "base/text.hpp"
#include "server/faces.hpp"
#include "server/forwarded.hpp"
#include "server/recording.hpp"
#include "server/refusal.hpp"
#include "server/request_id.hpp"

namespace locksmith::server {
namespace {

constexpr std::string_view keys_read = "admin:keys:read", keys_write = "admin:keys:write",
                           accounts_read = "admin:accounts:read",
                           accounts_write = "admin:accounts:write",
                           decisions_read = "admin:decisions:read";

constexpr std::array table{
    Route{"", "/v1/forward-auth", forward_auth, {}, true},
    Route{"", "/v1/forward-auth/{rest}", forward_auth, {}, true},
    Route{"POST", "/v1/verify", verify, {}, true},
    Route{"GET", "/v1/refusal", relayed_refusal, {}, true},
    Route{"GET", "/v1/whoami", whoami, {}, true},
    Route{"GET", "/healthz", healthz, {}, true},
    Route{"GET", "/readyz", readyz},
    Route{"GET", "/metrics", metrics},
    Route{"GET", "/openapi.json", openapi, {}, true},
    Route{"GET", "/causes/", cause_list},
    Route{"GET", "/causes/{slug}", cause_page},
    Route{"POST", "/v1/leaks/github", github_leaks},
    Route{"GET", "/v1/keys", list_keys, keys_read},
    Route{"POST", "/v1/keys", create_key, keys_write},
    Route{"POST", "/v1/keys/import", import_keys, keys_write},
    Route{"GET", "/v1/keys/{id}", get_key, keys_read},
    Route{"PATCH", "/v1/keys/{id}", change_key, keys_write},
    Route{"POST", "/v1/keys/{id}/revoke", revoke_key, keys_write},
    Route{"POST", "/v1/keys/{id}/rotate", rotate_key, keys_write},
    Route{"GET", "/v1/keys/{id}/uses", key_uses, keys_read},
    Route{"GET", "/v1/accounts", list_accounts, accounts_read},
    Route{"POST", "/v1/accounts", create_account, accounts_write},
    Route{"GET", "/v1/accounts/{id}", get_account, accounts_read},
    Route{"PATCH", "/v1/accounts/{id}", change_account, accounts_write},
    Route{"POST", "/v1/accounts/{id}/suspend", suspend_account, accounts_write},
    Route{"POST", "/v1/accounts/{id}/resume", resume_account, accounts_write},
    Route{"GET", "/v1/decisions", list_decisions, decisions_read},
    Route{"GET", "/v1/decisions/{id}", get_decision, decisions_read},
};

// {rest} takes everything behind it, another {name} one segment that is not empty.
bool matches(std::string_view pattern, std::string_view path,
             std::array<std::string_view, 2>& parameters) {
  std::size_t count = 0;
  while (true) {
    const auto brace = pattern.find('{');
    if (brace == pattern.npos) return pattern == path;
    if (!path.starts_with(pattern.substr(0, brace))) return false;
    path.remove_prefix(brace);
    const auto close = pattern.find('}');
    const bool rest = pattern.substr(brace, close + 1 - brace) == "{rest}";
    const auto value = path.substr(0, rest ? path.npos : path.find('/'));
    if (value.empty() && !rest) return false;
    if (count < parameters.size()) parameters[count++] = value;
    path.remove_prefix(value.size());
    pattern.remove_prefix(close + 1);
  }
}

// A GET route answers HEAD, too; the engine leaves the content out.
bool is_method(const Route& route, std::string_view method) {
  return route.method.empty() || route.method == method ||
         (route.method == "GET" && method == "HEAD");
}

struct Match {
  const Route* route = nullptr;
  std::array<std::string_view, 2> parameters{};
  std::string allowed;  // methods, when the path is right and the method is not
};

Match find(const RequestView& request) {
  Match match;
  const auto path = request.path();
  for (const auto& route : table) {
    std::array<std::string_view, 2> parameters{};
    if (!matches(route.pattern, path, parameters)) continue;
    if (is_method(route, request.method)) return {&route, parameters, {}};
    match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return match;
}

void no_such_route(Call& call, const Match& match) {
  if (match.allowed.empty()) return call.problem(404, "There is no such path here.");
  call.response.start(405);
  call.response.header("Allow", match.allowed);
  call.response.header("X-Request-Id", call.id);
  call.response.finish("application/problem+json",
                       problem_json(405, "This path knows other methods.", call.id));
}

// The key of an administrator; "" when there is none.
std::string_view bearer(const RequestView& request) {
  const auto value = request.only("Authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (value.size() <= scheme.size() ||
      !base::equals_ignoring_case(value.substr(0, scheme.size()), scheme))
    return {};
  return value.substr(scheme.size());
}

void ask_for_key(Call& call) {
  call.response.start(401);
  call.response.header("WWW-Authenticate", "Bearer realm=\"locksmith admin\"");
  call.response.header("X-Request-Id", call.id);
  call.response.header("Cache-Control", "no-store");
  call.response.finish(
      "application/problem+json",
      problem_json(401, "An administrator's key is needed: Authorization: Bearer KEY.", call.id));
}

// True when the caller may; else it has been answered.
bool admit(Call& call, std::string_view scope) {
  const auto key = bearer(call.request);
  if (key.empty()) return ask_for_key(call), false;
  const auto& proxies = call.snapshot.policy().trusted_proxies;
  authority::Request request;
  request.key = key;
  request.headers = call.request.headers;
  Testimony(call.request, proxies).tell_client(Without::peer, request);
  const std::array wanted{scope};
  request.scopes = wanted;
  const auto decision = call.service.decide(call.snapshot, request, call.now, Face::admin);
  remember(call, request, decision, Face::admin);
  if (!decision.allowed()) return send_refusal(call, request, decision), false;
  call.actor = call.snapshot.id_of(*decision.key);
  call.rules_admins = authority::covers(decision.key->grant->grant, admins_write);
  return true;
}

class Dispatcher {
 public:
  Dispatcher(Service& service, std::optional<unsigned> admin_listener)
      : service_(service), admin_listener_(admin_listener) {}

  bool quick(const RequestView& request, ResponseBuilder& response) const {
    const auto match = find(request);
    if (match.route && !match.route->quick) return false;
    answer(request, response, match);
    return true;
  }
  void slow(const RequestView& request, ResponseBuilder& response) const {
    answer(request, response, find(request));
  }

 private:
  void answer(const RequestView& request, ResponseBuilder& response, const Match& match) const {
    const auto now = current_instant();
    Call call{service_, service_.pin(),   request, response, next_request_id(now),
              now,      match.parameters, {}};
    const bool elsewhere = match.route && !match.route->scope.empty() && admin_listener_ &&
                           request.listener != *admin_listener_;
    if (!match.route || elsewhere) {
      no_such_route(call, elsewhere ? Match{} : match);
    } else if (match.route->scope.empty() || admit(call, match.route->scope)) {
      match.route->face(call);
    }
    service_.counters().answered(response.status());
    if (const auto& log = service_.settings().access_log) log->add(call);
  }

  Service& service_;
  std::optional<unsigned> admin_listener_;
};

}  // namespace

std::span<const Route> routes() { return table; }

void answer_operator(Service& service, const RequestView& request, ResponseBuilder& response) {
  const auto match = find(request);
  const auto now = current_instant();
  Call call{service, service.pin(),    request, response, next_request_id(now),
            now,     match.parameters, "local", true};
  if (!match.route || match.route->scope.empty()) return no_such_route(call, {});
  match.route->face(call);
}

Handlers handlers(Service& service, std::optional<unsigned> admin_listener) {
  const Dispatcher dispatcher(service, admin_listener);
  return {[dispatcher](const RequestView& request, ResponseBuilder& response) {
            return dispatcher.quick(request, response);
          },
          [dispatcher](const RequestView& request, ResponseBuilder& response) {
            dispatcher.slow(request, response);
          },
          [&service](int status) { service.counters().answered(status); },
          [&service] {
            service.pin();  // lets go of a snapshot that is no longer the newest
            if (const auto& log = service.settings().access_log) log->flush();
          }};
}

}  // namespace locksmith::server
