// One request on its way through a face.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "authority/decide.hpp"
#include "server/message.hpp"
#include "server/service.hpp"

namespace locksmith::server {

struct Call {
  Service& service;
  const authority::Snapshot& snapshot;  // what this request is answered by, from end to end
  const RequestView& request;
  ResponseBuilder& response;
  std::string_view id;  // request id
  authority::Instant now;
  std::array<std::string_view, 2> parameters{};  // of the route's pattern
  std::string actor;                             // id of the administrator's key
  bool rules_admins = false;                     // it has the scope `admins_write`

  // Refuses with a problem body of no cause.
  void problem(int status, std::string_view detail) {
    answer_problem(response, status, detail, id);
  }
};

}  // namespace locksmith::server
