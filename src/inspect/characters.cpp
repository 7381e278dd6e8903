// What sticks to the key, or stands in its place.
#include "credential/characters.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using credential::CharacterFinding;
using credential::Defect;
using diagnosis::decisive;
using diagnosis::strong;

struct Rule {
  Defect defect;
  std::string_view id;
  std::vector<catalogue::Weight> weights;
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table{
      {Defect::white_space, "credential.white-space", {{"whitespace", strong}}},
      {Defect::invisible, "credential.invisible-character", {{"invisible-character", 32}}},
      {Defect::quote, "credential.quote", {{"quoted", 30}}},
      {Defect::unexpanded,
       "credential.unexpanded",
       {{"env-unset", 32}, {"interpolated", 14}, {"placeholder", 14}}},
      {Defect::null_word, "credential.null-word", {{"env-unset", 34}}},
      {Defect::printed_object, "credential.printed-object", {{"env-unset", 32}}},
      {Defect::placeholder, "credential.placeholder", {{"placeholder", 32}}},
      {Defect::masked, "credential.masked", {{"malformed", 32}, {"placeholder", 15}}},
      {Defect::not_a_key,
       "credential.not-a-key",
       {{"malformed", strong}, {"wrong-credential-type", 8}}},
      {Defect::doubled_scheme, "credential.doubled-scheme", {{"wrong-scheme", 32}}},
      {Defect::url_encoded, "credential.url-encoded", {{"encoding", 22}, {"interpolated", 10}}},
      {Defect::non_ascii,
       "credential.non-ascii",
       {{"encoding", 18}, {"malformed", 14}, {"invisible-character", 10}}},
  };
  return table;
}

std::string sentence(const CharacterFinding& defect) {
  switch (defect.defect) {
    case Defect::white_space:
    case Defect::invisible:
    case Defect::non_ascii:
      return fmt::format("The key has {}.", defect.what);
    case Defect::quote:
      return fmt::format("The key was sent with {}.", defect.what);
    case Defect::unexpanded:
      return fmt::format("A variable was sent instead of its value: {}.", defect.what);
    case Defect::doubled_scheme:
      return fmt::format("The scheme is there twice: the value is sent behind \"{}\" and {}.",
                         "scheme", defect.what);
    default:
      return fmt::format("What was sent is {}.", defect.what);
  }
}

}  // namespace

void inspect_characters(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  // Basic is judged by what it decodes to (inspect_basic).
  if (c.main->basic && c.main->basic->valid_base64) return;
  // What follows these schemes is a list of parameters, with blanks and quotes of its own.
  for (const std::string_view scheme : {"AWS4-HMAC-SHA256", "Digest", "OAuth", "Signature", "hmac",
                                        "SharedKey", "Negotiate", "NTLM"}) {
    if (base::equals_ignoring_case(c.main->scheme, scheme) && c.main->value.reveal().contains('='))
      return;
  }
  auto defects = credential::find_defects(c.main->value.reveal());
  // A few vendors issue keys that are URL-encoded (X: "AAAA…%2F…%3D").
  if (is_own_key(c, c.main->value.reveal()))
    std::erase_if(defects, [](const auto& d) { return d.defect == Defect::url_encoded; });
  for (const CharacterFinding& defect : defects) {
    for (const Rule& rule : rules()) {
      if (rule.defect != defect.defect) continue;
      std::string text = sentence(defect);
      if (defect.defect == Defect::doubled_scheme) {
        text = fmt::format("The scheme is there twice: behind \"{}\" the value {}.",
                           c.main->scheme.empty() ? c.main->name : c.main->scheme, defect.what);
      }
      findings.push_back(
          {.id = std::string(rule.id),
           .place = fmt::format("{}, byte {}", c.main->where(), c.main->offset + defect.offset),
           .text = std::move(text),
           .weights = rule.weights});
    }
  }
  if (defects.empty()) {
    findings.push_back({.id = "credential.clean",
                        .place = c.main->where(),
                        .text = "Nothing sticks to the key: no white space, quote, invisible "
                                "character or placeholder.",
                        .weights = {{"whitespace", -14},
                                    {"invisible-character", -16},
                                    {"quoted", -16},
                                    {"placeholder", -20},
                                    {"env-unset", -14}}});
  }
}

}  // namespace locksmith::inspect
