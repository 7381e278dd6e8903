// What was noticed in the text of a curl command, and on the way to the server, as findings.
#pragma once

#include <optional>
#include <span>

#include "base/result.hpp"
#include "diagnosis/finding.hpp"
#include "http/curl_command.hpp"

namespace locksmith::doctor {

// `has_credential`: what is left of the command presents one. Without it, whatever the shell cut
// off is what is missing.
void add_findings_of_notes(std::span<const http::Note> notes, bool has_credential,
                           diagnosis::Findings& findings);

// What it says of the cause that no answer came; nothing for a host that cannot be reached.
// `broken_key`: the key itself holds a line break.
std::optional<diagnosis::Finding> finding_of(const Error& error, bool broken_key);

}  // namespace locksmith::doctor
