#include "doctor/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace locksmith::doctor {
namespace {

using Kind = http::Note::Kind;

using Weights = std::vector<catalogue::Weight>;

struct Meaning {
  Kind kind;
  std::string_view id;
  Weights weights;
  std::string_view fix;
  Weights without_credential = {};  // in place of `weights`, when they are not the same
};

const std::array<Meaning, 10>& meanings() {
  static const std::array<Meaning, 10> table{{
      {Kind::cut_at_ampersand,
       "command.cut-at-ampersand",
       {{"interpolated", 16}},
       "Put the whole URL into single quotes.",
       {{"interpolated", 36}, {"missing", -8}}},
      {Kind::cut_at_line_end,
       "command.cut-at-line-end",
       {{"interpolated", 14}},
       "End each line but the last with a backslash, and let nothing follow it.",
       {{"interpolated", 34}, {"missing", -6}}},
      {Kind::shell_expansion,
       "command.shell-expansion",
       {{"interpolated", 12}, {"env-unset", 4}},
       "Put the value into single quotes, so that the shell leaves $ and ` alone."},
      {Kind::history_expansion,
       "command.history-expansion",
       {{"interpolated", 14}},
       "Put the value into single quotes, so that the shell leaves ! alone."},
      {Kind::smart_quote,
       "command.smart-quote",
       {{"quoted", 24}, {"invisible-character", 6}},
       "Replace the typographic quotes by ' or \"."},
      {Kind::unclosed_quote,
       "command.unclosed-quote",
       {{"quoted", 10}, {"interpolated", 8}},
       "Close the quote."},
      {Kind::dash,
       "command.dash",
       {{"missing", 12}, {"interpolated", 8}},
       "Replace the long dash by two hyphens."},
      {Kind::no_colon,
       "command.header-without-colon",
       {{"missing", 16}, {"wrong-header", 10}},
       "Write the header as 'Name: value'."},
      {Kind::missing_password,
       "command.no-password",
       {{"incomplete-credential", 12}, {"wrong-credential-type", 4}},
       "Add the colon behind the user name: curl -u \"$KEY:\"."},
      {Kind::refused_by_curl, "command.refused-by-curl", {{"malformed", 4}}, ""},
  }};
  return table;
}

}  // namespace

void add_findings_of_notes(std::span<const http::Note> notes, bool has_credential,
                           diagnosis::Findings& findings) {
  for (const http::Note& note : notes) {
    const auto meaning = std::ranges::find(meanings(), note.kind, &Meaning::kind);
    if (meaning == meanings().end()) continue;
    const bool lost = !has_credential && !meaning->without_credential.empty();
    diagnosis::Finding finding{.id = std::string(meaning->id),
                               .place = "command line",
                               .text = note.text + ".",
                               .weights = lost ? meaning->without_credential : meaning->weights};
    if (!meaning->fix.empty()) finding.fix = {std::string(meaning->fix)};
    findings.push_back(std::move(finding));
  }
}

std::optional<diagnosis::Finding> finding_of(const Error& error, bool broken_key) {
  diagnosis::Finding finding;
  if (error.code == ErrorCode::certificate_wanted) {
    finding.id = "tls.client-certificate";
    finding.place = "TLS handshake";
    finding.text = fmt::format("There is no answer: {}.", error.message);
    finding.weights = {{"client-certificate", 40}};
    finding.source = "https://www.rfc-editor.org/rfc/rfc8446#section-6.2";
  } else if (error.code == ErrorCode::unsendable) {
    // Of other defects the inspectors of the credential tell more.
    if (broken_key) finding.weights = {{"whitespace", 34}};
    finding.id = "request.unsendable";
    finding.place = "request headers";
    finding.text = fmt::format("It was not sent: {}.", error.message);
    finding.source = "https://www.rfc-editor.org/rfc/rfc9112#section-5";
  } else {
    return {};
  }
  return finding;
}

}  // namespace locksmith::doctor
