#include "report/chain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace locksmith::report {
namespace {

bool tells_something(const Report& report) {
  const auto refused = std::ranges::find(report.hops, true, &Hop::refused);
  return report.hops.size() > 2 || (refused != report.hops.end() && refused->role != "api");
}

}  // namespace

std::string chain_line(const Report& report) {
  if (!report.diagnosed() || !tells_something(report)) return {};
  std::string line;
  for (const Hop& hop : report.hops) {
    if (!hop.reached) return line + " (API not reached)";
    line += line.empty() ? hop.name : " → " + hop.name;
    if (!hop.refused) continue;
    line += " ✗";
    if (!hop.remark.empty()) line += fmt::format(" ({})", hop.remark);
  }
  return line;
}

std::string about(const Hop& hop) {
  std::vector<std::string> parts;
  if (!hop.address.empty()) parts.push_back(hop.address);
  if (hop.addresses.size() > 1 || (hop.addresses.size() == 1 && hop.addresses[0] != hop.address))
    parts.push_back(fmt::format("its name stands for {}", fmt::join(hop.addresses, ", ")));
  if (!hop.tls_subject.empty()) parts.push_back("certificate of " + hop.tls_subject);
  if (!hop.tls_issuer.empty()) parts.push_back("issued by " + hop.tls_issuer);
  if (!hop.remark.empty()) parts.push_back(hop.remark);
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace locksmith::report
