// The way that the request took, as far as the evidence shows it: which boxes stood between the
// client and the API, and which of them said no.
#pragma once

#include <vector>

#include "http/curl_command.hpp"
#include "inspect/inspect.hpp"
#include "report/report.hpp"

namespace locksmith::doctor {

// Pure. Empty when nothing was sent, or nothing is known of an answer. `report` gives the findings
// and, where one was named, the cause.
std::vector<report::Hop> hops(const inspect::Case& c, const http::ClientOptions& way,
                              const report::Report& report);

}  // namespace locksmith::doctor
