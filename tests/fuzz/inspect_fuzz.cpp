// A failure made of hostile bytes: request and response as lines, a file of the environment behind
// them. Nothing may crash, every probability is one, and no finding may drive the terminal.
//   METHOD URL, header lines, an empty line, the body; a line "--"; STATUS, likewise; a line "--";
//   a file's name, its content
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "catalogue/catalogue.hpp"
#include "diagnosis/diagnose.hpp"
#include "inspect/inspect.hpp"

namespace {

using namespace locksmith;

// What stands before `separator`, which is taken off as well.
std::string_view take(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

void read_headers(std::string_view& text, http::Headers& headers) {
  while (!text.empty()) {
    std::string_view line = take(text, "\n");
    if (line.empty()) return;
    const std::string_view name = take(line, ": ");
    headers.add(std::string(name), std::string(line));
  }
}

http::Bundle read(std::string_view text) {
  http::Bundle bundle;
  http::Exchange& exchange = bundle.exchanges.emplace_back();
  std::string_view request = take(text, "\n--\n"), response = take(text, "\n--\n");
  std::string_view line = take(request, "\n");
  exchange.request.method = take(line, " ");
  exchange.request.url = line;
  read_headers(request, exchange.request.headers);
  exchange.request.body = request;
  line = take(response, "\n");
  std::from_chars(line.data(), line.data() + line.size(), exchange.response.status);
  read_headers(response, exchange.response.headers);
  exchange.response.body = response;
  if (!text.empty()) {
    const std::string path(take(text, "\n"));
    bundle.environment.files.push_back({path, std::string(text), {}});
    bundle.environment.variables["API_KEY"] = text;
    bundle.environment.variables["API_BASE_URL"] = path;
  }
  return bundle;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const http::Bundle bundle = read({reinterpret_cast<const char*>(data), size});
  const inspect::Case c(bundle, catalogue::embedded());
  const diagnosis::Findings findings = inspect::inspect(c);
  for (const diagnosis::Finding& finding : findings) {
    if (base::printable(finding.text) != finding.text) __builtin_trap();
    if (base::printable(finding.place) != finding.place) __builtin_trap();
  }
  const auto diagnosis = diagnosis::diagnose(findings, c.catalogue, c.response.status);
  double sum = 0;
  for (const diagnosis::Candidate& candidate : diagnosis.causes) {
    if (!std::isfinite(candidate.decibans)) __builtin_trap();
    sum += candidate.probability;
  }
  if (!(std::abs(sum - 1) < 1e-6)) __builtin_trap();
  return 0;
}
