// Sends a decision: the same refusal in the same words on every face.
#pragma once

#include "authority/problem.hpp"
#include "server/call.hpp"

namespace locksmith::server {

// authority::refusal(), without a key that the client put where it does not belong and that would
// be told with the path.
authority::Refusal refusal_for(const Call& call, const authority::Request& request,
                               const authority::Decision& decision);
void send_refusal(Call& call, const authority::Request& request,
                  const authority::Decision& decision);
void send(Call& call, const authority::Refusal& refusal);

// A refusal in one header, for a proxy that passes on neither status nor body of who it asks
// (nginx). Reading it gives nothing unless it is what we could have said.
std::string pack(const authority::Refusal& refusal, std::string_view request_id);
std::optional<authority::Refusal> unpack(std::string_view packed);

}  // namespace locksmith::server
