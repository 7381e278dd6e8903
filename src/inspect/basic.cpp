// Basic credentials (RFC 7617), decoded and judged: most of their faults cannot be seen in base64.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "credential/characters.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

using credential::Basic;
using credential::Credential;
using credential::Defect;

// Which cause a defect inside the decoded pair leads to.
std::vector<catalogue::Weight> weights_of(Defect defect) {
  switch (defect) {
    case Defect::white_space:
      return {{"whitespace", 32}, {"encoding", 12}};
    case Defect::invisible:
      return {{"invisible-character", 32}};
    case Defect::quote:
      return {{"quoted", 30}};
    case Defect::unexpanded:
      return {{"env-unset", 30}, {"interpolated", 14}};
    case Defect::null_word:
    case Defect::printed_object:
      return {{"env-unset", 30}};
    case Defect::placeholder:
      return {{"placeholder", 12}};  // real passwords are sometimes just that
    case Defect::masked:
      return {{"malformed", 30}};
    case Defect::doubled_scheme:
      return {{"wrong-scheme", 26}};
    case Defect::url_encoded:
      return {{"encoding", 22}};
    case Defect::not_a_key:
      return {{"malformed", 18}};
    case Defect::non_ascii:
      return {{"encoding", 20}};  // RFC 7617 section 2: the charset is not defined
  }
  return {};
}

// People choose passwords: blanks within and brackets or a comma at an end are theirs. The password
// of `_json_key` is a file of JSON:
// https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
bool counts_for_password(const credential::CharacterFinding& defect, std::string_view user) {
  switch (defect.defect) {
    case Defect::white_space:
      return !(defect.code_point == ' ' && defect.what.contains("inside"));
    case Defect::quote:
      return defect.what.contains("quote") || defect.what.contains("b'");
    case Defect::not_a_key:
      return !defect.what.contains("sentence");
    case Defect::printed_object:
      return user != "_json_key";
    default:
      return true;
  }
}

// A user name may hold spaces and be an ordinary word; only what is clearly no name counts there.
bool counts_for_user(Defect defect, std::string_view what) {
  switch (defect) {
    case Defect::white_space:
      return what.contains("at the end") || what.contains("line feed") || what.contains("carriage");
    case Defect::invisible:
    case Defect::unexpanded:
    case Defect::null_word:
    case Defect::printed_object:
      return true;
    case Defect::quote:
      return what.contains("quote");
    default:
      return false;
  }
}

void judge_half(const Credential& credential, std::string_view half, std::string_view value,
                diagnosis::Findings& findings) {
  const bool is_user = half == "user name";
  for (const auto& defect : credential::find_defects(value)) {
    if (is_user ? !counts_for_user(defect.defect, defect.what)
                : !counts_for_password(defect, credential.basic->user))
      continue;
    // Passwords that people choose may look like sample text and may be short; say it, but weigh it
    // less.
    findings.push_back(
        {.id = "basic.defect",
         .place = fmt::format("{}, decoded {}, byte {}", credential.where(), half, defect.offset),
         .text = fmt::format("The {} has {}.", half, defect.what),
         .weights = weights_of(defect.defect),
         .fix = defect.defect == Defect::white_space
                    ? std::vector<std::string>{"printf %s \"$USER_NAME:$PASSWORD\" | base64 -w 0   "
                                               "# echo would add a line feed"}
                    : std::vector<std::string>{}});
  }
}

void judge_encoding(const Credential& credential, diagnosis::Findings& findings) {
  const std::string& encoded = credential.value.reveal();
  const auto say = [&](std::string_view id, std::string text,
                       std::vector<catalogue::Weight> weights, std::vector<std::string> fix = {}) {
    findings.push_back({.id = std::string(id),
                        .place = credential.where(),
                        .text = std::move(text),
                        .weights = std::move(weights),
                        .fix = std::move(fix)});
  };
  const auto line_end = encoded.find_first_of("\r\n");
  if (line_end != std::string::npos && line_end + 2 < encoded.size()) {
    say("basic.wrapped",
        fmt::format("The base64 text is broken into lines after {} characters.", line_end),
        {{"encoding", 36}, {"whitespace", 14}},
        {"printf %s \"$USER_NAME:$PASSWORD\" | base64 -w 0"});
    return;
  }
  const auto blank = encoded.find_first_of(" \t\r\n");
  if (blank != std::string::npos) {
    say("basic.white-space", fmt::format("The base64 text has white space at byte {}.", blank),
        {{"whitespace", 28}, {"encoding", 22}});
  }
  if (!credential.basic->valid_base64) {
    const bool plain = encoded.contains(':');
    say("basic.not-base64",
        plain ? "The user and password were sent as they are, not as base64."
              : "The value behind Basic is not base64.",
        {{"encoding", 30}, {"wrong-scheme", 16}});
  } else if (!credential.basic->has_colon) {
    say("basic.no-colon", "The decoded value has no colon between user name and password.",
        {{"encoding", 19}, {"wrong-scheme", 14}, {"incomplete-credential", 12}, {"malformed", 6}});
  }
}

// Several vendors fix the user name that goes with a token (`__token__`, `api`, `x-access-token`).
void judge_fixed_user(const Case& c, const Basic& basic, diagnosis::Findings& findings) {
  if (!c.provider || basic.password.empty()) return;
  const catalogue::Placement* expected = nullptr;
  for (const catalogue::Placement& placement : c.provider->placements) {
    if (placement.basic_part.empty()) continue;
    if (placement.basic_user.empty() || placement.basic_user == basic.user) return;
    expected = &placement;
  }
  if (!expected) return;
  findings.push_back(
      {.id = "basic.user",
       .place = fmt::format("{}, decoded user name", c.main->where()),
       .text = fmt::format("{} wants the user name \"{}\" with a token; another one was sent.",
                           c.provider->name, expected->basic_user),
       .weights = {{"incomplete-credential", 26}, {"wrong-credential-type", 8}},
       .fix = {fmt::format("curl -u '{}:'\"$TOKEN\" …", expected->basic_user)}});
}

}  // namespace

void inspect_basic(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || !c.main->basic) return;
  const Basic& basic = *c.main->basic;
  if (c.main->value.empty()) return;
  const std::size_t before = findings.size();
  judge_encoding(*c.main, findings);
  if (!basic.valid_base64) return;
  // With an empty password the user name is the key (Stripe, Heroku and others take it so).
  judge_half(*c.main, basic.password.empty() ? "key" : "user name", basic.user, findings);
  if (!basic.password.empty()) judge_half(*c.main, "password", basic.password.reveal(), findings);
  if (basic.has_colon && basic.password.empty() && basic.user.empty()) {
    findings.push_back({.id = "basic.empty",
                        .place = c.main->where(),
                        .text = "User name and password are both empty.",
                        .weights = {{"env-unset", 30}, {"missing", 12}}});
  }
  judge_fixed_user(c, basic, findings);
  if (findings.size() == before) {
    findings.push_back({.id = "basic.clean",
                        .place = c.main->where(),
                        .text = "The Basic pair decodes well, and nothing sticks to either half.",
                        .weights = {{"whitespace", -14},
                                    {"invisible-character", -16},
                                    {"quoted", -16},
                                    {"placeholder", -14},
                                    {"encoding", -12},
                                    {"env-unset", -12}}});
  }
}

}  // namespace locksmith::inspect
