// The report for code scanning: each copy is a result, each kind of key a rule.
#include "report/sarif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

using report::Sarif;

std::string rule_id(const Subject& subject) {
  if (!subject.kind.provider) return subject.what.empty() ? "key" : "private-key";
  return fmt::format("{}/{}", subject.kind.provider->slug, subject.kind.key->kind);
}

std::size_t rule_of(const Report& report, std::size_t key, Sarif& sarif) {
  const Subject& subject = report.keys[key];
  const std::string id = rule_id(subject);
  const auto at = std::ranges::find(sarif.rules, id, &Sarif::Rule::id);
  if (at != sarif.rules.end()) return static_cast<std::size_t>(at - sarif.rules.begin());
  std::string help;
  for (const Advice& line : advice(report, key)) help += line.text + "\n";
  sarif.rules.push_back(
      {id, "A copy of a key: " + (subject.what.empty() ? "kind not known" : subject.what),
       help.empty() ? "Nothing to do." : help});
  return sarif.rules.size() - 1;
}

std::string message_of(const Subject& subject, const Find& find) {
  std::string out = "This is " + subject.fingerprint;
  if (!subject.what.empty()) out += ", " + subject.what;
  if (find.disguise != Disguise::plain) out += fmt::format(" ({})", to_string(find.disguise));
  if (!find.inside.empty()) out += ", in " + base::printable(find.inside);
  if (!find.exposure.empty()) out += "; " + find.exposure;
  return out + ". Rotate it first, then remove it.";
}

// A file of the history need not be there any more: the line is that of an old version, and is left
// to the message.
void add_history(const Report& report, const RepositoryFinds& repository, Sarif& sarif) {
  for (const HistoryFind& find : repository.found.finds) {
    const Subject& subject = report.keys[find.key];
    const std::string path = find.path.empty() ? ".git" : find.path;
    const std::string commit = find.last ? find.last->id : find.object;
    sarif.results.push_back(
        {.rule = rule_of(report, find.key, sarif),
         .level = "error",
         .message = fmt::format("The history of git holds {}: {}, {}. Rotate it first.",
                                subject.fingerprint, place(find), commits(find)),
         .path = repository.path == "." ? path : repository.path + "/" + path,
         .inside = (find.repository.empty() ? "" : find.repository + " ") + "commit " + commit,
         .fingerprint = base::hex(base::sha256(fmt::format("{}\n{}\n{}", subject.fingerprint,
                                                           repository.path, find.object)))
                            .substr(0, 32)});
  }
}

}  // namespace

std::string as_sarif(const Report& report, std::string_view version) {
  Sarif sarif{.version = std::string(version), .complete = !report.interrupted};
  std::map<std::string, int> same;  // copies of one key in one content, apart from their lines
  for (const Find& find : report.tally.finds) {
    if (find.at_home) continue;
    const Subject& subject = report.keys[find.key];
    const std::string id = subject.fingerprint + "\n" + find.path + "\n" + find.inside;
    const std::string print = fmt::format("{}\n{}", id, same[id]++);
    sarif.results.push_back({.rule = rule_of(report, find.key, sarif),
                             .level = "error",
                             .message = message_of(subject, find),
                             .path = find.path,
                             .inside = find.inside,
                             .line = find.line,
                             .fingerprint = base::hex(base::sha256(print)).substr(0, 32)});
  }
  for (const RepositoryFinds& repository : report.repositories) {
    add_history(report, repository, sarif);
  }
  for (std::size_t i = 0; i < reasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    const std::uint64_t n = report.tally.skipped.count(reason);
    if (n == 0 || reason == Reason::dangling_link || reason == Reason::git_objects) continue;
    sarif.notifications.push_back({std::string(to_string(reason)),
                                   fmt::format("not searched: {} ({})", n, to_string(reason))});
  }
  return report::as_json(sarif);
}

}  // namespace locksmith::leaks
