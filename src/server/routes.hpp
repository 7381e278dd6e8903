// Every route of the authority, as data: what openapi.json describes and a test holds it against.
#pragma once

#include <span>
#include <string_view>

#include "server/call.hpp"
#include "server/http_engine.hpp"

namespace locksmith::server {

struct Route {
  std::string_view method;   // empty: any
  std::string_view pattern;  // "/v1/keys/{id}/revoke"
  void (*face)(Call&) = nullptr;
  std::string_view scope{};  // of the administrator's key; empty: none is asked for
  bool quick = false;        // may be answered on the event loop: does not wait
};
std::span<const Route> routes();

// Handlers that find the route, check the administrator's key, and answer. `admin_listener`: the
// only listener that admin routes are served on.
Handlers handlers(Service& service, std::optional<unsigned> admin_listener = {});

// The admin routes for whoever has the store itself in hand (`locksmith keys` without a server): no
// key is asked for, and the audit log says "local".
void answer_operator(Service& service, const RequestView& request, ResponseBuilder& response);

}  // namespace locksmith::server
