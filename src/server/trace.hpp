// What is kept of a decision for `locksmith explain REQUEST_ID`: every check with what it saw, and
// what is needed to make the decision again. Never a key, wherever the client put it.
#pragma once

#include <string>
#include <string_view>

#include "authority/decide.hpp"

namespace locksmith::server {

// {"face":…,"checks":[{"check","made","passed","saw"}],"single_change":…,
//  "request":{"api","client","secure","origin","scopes"}}
std::string trace_json(const authority::Snapshot& snapshot, const authority::Request& request,
                       const authority::Decision& decision, authority::Instant now,
                       std::string_view face);

// Makes `text` one without what was presented as a key, and without anything that begins like one
// of ours.
void remove_keys(std::string& text, const authority::Policy& policy, std::string_view presented);
std::string without_keys(std::string_view text, const authority::Policy& policy,
                         std::string_view presented);

}  // namespace locksmith::server
