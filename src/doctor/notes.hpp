// What was noticed in the text of a curl command, as findings.
#pragma once

#include <span>

#include "diagnosis/finding.hpp"
#include "http/curl_command.hpp"

namespace locksmith::doctor {

// `has_credential`: what is left of the command presents one. Without it, whatever the shell cut
// off is what is missing.
void add_findings_of_notes(std::span<const http::Note> notes, bool has_credential,
                           diagnosis::Findings& findings);

}  // namespace locksmith::doctor
