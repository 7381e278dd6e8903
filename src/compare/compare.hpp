// Which difference explains that one request works and the other is refused: read, compare, rank;
// where it is allowed: try; report.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/catalogue.hpp"
#include "compare/differences.hpp"
#include "compare/trial.hpp"
#include "diagnosis/diagnose.hpp"
#include "doctor/question.hpp"
#include "probe/transport.hpp"
#include "report/report.hpp"

namespace locksmith::compare {

enum class Outcome {
  proved,        // by experiment
  only,          // nothing else differs
  probable,      // one of several leads by far
  undetermined,  // several may be it
  same,          // nothing differs that could be it
  contradicted,  // GOOD is refused too, or BAD is not
  unreachable,
};
std::string_view to_string(Outcome outcome);
bool is_named(Outcome outcome);

// The leader of several is named when it lies this far ahead, in decibans: ten times likelier.
inline constexpr double naming_lead_decibans = 10;

struct Input {
  std::string label;  // the file, or "command"
  doctor::Question question;
};

struct Summary {
  std::string label, method, url;
  int status = 0;   // 0: no answer is known
  std::string key;  // its place and fingerprint; empty: none
};

struct Suspect {
  std::string_view cause;
  std::string_view sentence;
  double probability = 0;
};

struct Report {
  Outcome outcome = Outcome::undetermined;
  Summary good, bad;
  const catalogue::Provider* provider = nullptr;
  std::vector<Difference> differences;  // likeliest first
  std::vector<std::size_t> named;       // the ones that explain it; empty: none is named
  std::vector<LeftOut> left_out;
  std::vector<Suspect> suspects;  // what BAD's answer says, likeliest first; empty: no answer
  std::vector<std::string> circumstances;  // what else differs: time, address
  std::vector<std::string> conclusions;    // sentences: what was found out, and how far it reaches
  std::vector<std::string> look_next;
  std::vector<Trial> requests;
  std::vector<std::string> units;  // slugs that Trial::from_bad counts
  bool offline = false;
  std::vector<std::string> notes;
  std::optional<Error> error;
};

struct Options {
  bool replay = false;
  std::size_t budget = 12;
  std::function<void(std::string_view)> progress = [](std::string_view) {};
};

// `transport` is null for no network at all.
Report examine(const Input& good, const Input& bad, const catalogue::Catalogue& catalogue,
               const Options& options, probe::Transport* transport);

// Decibans and shares of each, by kind and, where `suspects` is not empty, by what the answer says.
void rank(std::vector<Difference>& differences, const std::vector<Suspect>& suspects);

// The slugs of what is named: "key-scheme, required-header".
std::string named_slugs(const Report& report);
std::string as_text(const Report& report, const report::TextStyle& style);
std::string as_markdown(const Report& report);
// docs/json-output.md, docs/compare.schema.json
std::string as_json(const Report& report);

}  // namespace locksmith::compare
