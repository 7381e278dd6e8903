// The way that the request took, in one line.
#pragma once

#include <string>

#include "report/report.hpp"

namespace locksmith::report {

// "you → proxy squid.corp → nginx ✗ (API not reached)". Empty when it would tell nothing: you asked
// the API, and the API said no.
std::string chain_line(const Report& report);
// What is known of one hop beside its name: address, certificate, remark; may be empty.
std::string about(const Hop& hop);

}  // namespace locksmith::report
