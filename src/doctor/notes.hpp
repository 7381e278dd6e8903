// What was noticed in the text of a curl command, as findings.
#pragma once

#include <span>

#include "diagnosis/finding.hpp"
#include "http/curl_command.hpp"

namespace locksmith::doctor {

void add_findings_of_notes(std::span<const http::Note> notes, diagnosis::Findings& findings);

}  // namespace locksmith::doctor
