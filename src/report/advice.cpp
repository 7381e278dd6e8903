#include "report/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::report {
namespace {

constexpr std::string_view hidden_query = "?…";

void replace_all(std::string& line, std::string_view from, std::string_view to) {
  for (std::size_t at = line.find(from); at != std::string::npos;
       at = line.find(from, at + to.size())) {
    line.replace(at, from.size(), to);
  }
}

// Letters, digits and what neither a shell nor printf(1) gives a meaning.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// The URL as it may stand in a command, in quotes of any kind: what a shell or curl's globbing
// would read becomes %XX. Empty when a part of it was hidden without which it is another URL.
std::string pasteable_url(std::string_view url) {
  if (url.ends_with(hidden_query)) url.remove_suffix(hidden_query.size());
  std::string out;
  for (const char c : url) {
    const bool special = c <= ' ' || c == 0x7f || std::string_view("'\"$`\\!{}[]<>").contains(c);
    out += special ? base::percent_encode(std::string_view(&c, 1)) : std::string(1, c);
  }
  return url.contains('<') ? "" : out;
}

using Values = std::array<std::pair<std::string_view, std::string>, 8>;

Values values_for_command(const Report& report) {
  const auto plain = [](const std::string& text) { return is_plain(text) ? text : std::string(); };
  return {{{"{variable}", report.variable.empty() ? "API_KEY" : report.variable},
           {"{host}", plain(report.host)},
           {"{header}", plain(report.header)},
           {"{scheme}", plain(report.scheme)},
           {"{url}", pasteable_url(report.url)},
           {"{keys_page}", std::string(report.provider ? report.provider->pages.keys : "")},
           {"{docs_page}", std::string(report.provider ? report.provider->pages.docs : "")},
           {"{status_page}", std::string(report.provider ? report.provider->pages.status : "")}}};
}

Values values_for_sentence(const Report& report) {
  const auto page = [&](std::string_view catalogue::Pages::*which, std::string_view name) {
    const std::string_view known = report.provider ? report.provider->pages.*which : "";
    return std::string(known.empty() ? name : known);
  };
  return {{{"{variable}", report.variable.empty() ? "API_KEY" : report.variable},
           {"{host}", base::printable(report.host)},
           {"{header}", base::printable(report.header)},
           {"{scheme}", base::printable(report.scheme)},
           {"{url}", base::printable(report.url)},
           {"{keys_page}", page(&catalogue::Pages::keys, "the API's key page")},
           {"{docs_page}", page(&catalogue::Pages::docs, "the API's documentation")},
           {"{status_page}", page(&catalogue::Pages::status, "the API's status page")}}};
}

// Where the place of the key is in question, the place where it was sent is no answer.
bool header_is_known(const Report& report, std::string_view cause) {
  const bool in_question = cause == "wrong-header" || cause == "wrong-scheme";
  return !report.header.empty() && (report.header_documented || !in_question);
}

// A line of the page of `cause`; nullopt when it needs something that is not known here.
std::optional<std::string> fill_in(const Report& report, std::string_view cause, std::string line) {
  const bool command = is_command(line), header_known = header_is_known(report, cause);
  if (!header_known) {
    if (!command) replace_all(line, "{header} header", "right header");
    if (line.contains("{header}") || line.contains("{scheme}")) return {};
  }
  if (report.scheme.empty()) replace_all(line, "{header}: {scheme} ", "{header}: ");
  for (const auto& [name, value] :
       command ? values_for_command(report) : values_for_sentence(report)) {
    if (!line.contains(name)) continue;
    if (value.empty()) return {};
    replace_all(line, name, value);
  }
  return line;
}

}  // namespace

std::vector<std::string> fixes(const Report& report, const diagnosis::Candidate& candidate) {
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    const auto same = [&](const std::string& other) {
      return split_command(other).text == split_command(line).text;
    };
    if (std::ranges::none_of(lines, same)) lines.push_back(std::move(line));
  };
  for (const diagnosis::Finding* finding : candidate.evidence_for) {
    if (diagnosis::weight_for(*finding, candidate.cause->slug) < diagnosis::moderate) continue;
    for (const std::string& line : finding->fix) add(line);
  }
  for (const std::string_view line : candidate.cause->fix) {
    if (auto filled = fill_in(report, candidate.cause->slug, std::string(line)))
      add(std::move(*filled));
  }
  return lines;
}

bool is_command(std::string_view fix) {
  // A sentence starts with a capital and ends with a full stop; a shell command does not do both.
  return !(!fix.empty() && fix.front() >= 'A' && fix.front() <= 'Z' && fix.ends_with('.'));
}

Command split_command(std::string_view fix) {
  constexpr std::string_view mark = "   # ";
  const std::size_t at = fix.rfind(mark);
  if (at == std::string_view::npos || !is_command(fix)) return {fix, {}};
  return {fix.substr(0, at), fix.substr(at + mark.size())};
}

std::string look_next(const Report& report) {
  if (report.outcome != Outcome::undetermined) return {};
  const std::string_view leader = report.diagnosis.leader().cause->slug;
  return fill_in(report, leader, report.diagnosis.look_next).value_or("");
}

std::string retry_advice(const Report& report) {
  if (!report.diagnosed()) return {};
  const std::string_view leader = report.diagnosis.leader().cause->slug;
  if (leader == "rate-limited" || leader == "abuse-blocked") {
    if (!report.retry_after) {
      return "Retry later, with growing pauses; the server did not say when.";
    }
    return fmt::format("Retry in {}, not before.", base::format_duration(*report.retry_after));
  }
  if (leader == "provider-outage") return "Retry later: the provider has to mend it.";
  if (leader == "not-yet-active") {
    return "Retry in a few minutes: the key needs time to become active.";
  }
  return report.outcome == Outcome::cause ? "Retrying does not help." : "";
}

}  // namespace locksmith::report
