// The report for machines: docs/leaks.md, docs/leaks.schema.json.
#include <boost/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "base/time.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}
json::value optional(std::string_view value) {
  return value.empty() ? json::value(nullptr) : json::value(text(value));
}

json::object find_of(const Find& find) {
  json::object out{{"where", text(to_string(find.where))},
                   {"path", text(find.path)},
                   {"inside", optional(find.inside)},
                   {"line", find.line},
                   {"column", find.column},
                   {"disguise", text(to_string(find.disguise))}};
  if (!find.variable.empty()) out["name"] = text(find.variable);
  if (!find.original.empty()) out["original"] = text(find.original);
  if (!find.exposure.empty()) out["exposure"] = text(find.exposure);
  if (find.more > 0) out["more"] = find.more;
  return out;
}

json::value commit_of(const std::optional<HistoryCommit>& commit) {
  if (!commit) return nullptr;
  return json::object{
      {"commit", text(commit->id)},
      {"author", text(commit->author)},
      {"date", text(base::format_rfc3339(base::Time{std::chrono::seconds(commit->date)}))}};
}

std::string_view kind_of(HistoryKind kind) {
  switch (kind) {
    case HistoryKind::file:
      return "file";
    case HistoryKind::file_name:
      return "file-name";
    case HistoryKind::commit_message:
      return "commit-message";
    case HistoryKind::tag_message:
      return "tag-message";
  }
  return {};
}

json::array reach_of(std::uint8_t reach) {
  json::array out;
  const std::pair<Reach, std::string_view> names[] = {{by_remote, "remote"}, {by_branch, "branch"},
                                                      {by_tag, "tag"},       {by_stash, "stash"},
                                                      {by_reflog, "reflog"}, {by_other, "other"}};
  for (const auto& [bit, name] : names) {
    if (reach & bit) out.push_back(text(name));
  }
  return out;
}

json::object history_find_of(const RepositoryFinds& repository, const HistoryFind& find) {
  json::array refs;
  for (const std::string& ref : find.refs) refs.push_back(text(ref));
  return {{"repository", text(repository.path)},
          {"submodule", optional(find.repository)},
          {"kind", text(kind_of(find.kind))},
          {"path", text(find.path)},
          {"line", find.line},
          {"disguise", text(to_string(find.disguise))},
          {"object", text(find.object)},
          {"versions", find.versions},
          {"first", commit_of(find.first)},
          {"last", commit_of(find.last)},
          {"published", find.published()},
          {"reached_from", reach_of(find.reach)},
          {"refs", std::move(refs)},
          {"stored", optional(find.stored)}};
}

json::array advice_of(const Report& report, std::size_t key) {
  json::array out;
  for (const Advice& line : advice(report, key)) {
    json::array commands(line.commands.begin(), line.commands.end());
    out.push_back(json::object{{"text", text(line.text)}, {"commands", std::move(commands)}});
  }
  return out;
}

json::object key_of(const Report& report, std::size_t key) {
  const Subject& subject = report.keys[key];
  json::array finds;
  for (const Find& find : report.tally.finds) {
    if (find.key == key && !find.at_home) finds.push_back(find_of(find));
  }
  json::array history;
  for (const RepositoryFinds& repository : report.repositories) {
    for (const HistoryFind& find : repository.found.finds) {
      if (find.key == key) history.push_back(history_find_of(repository, find));
    }
  }
  const Kind& kind = subject.kind;
  return {{"name", optional(subject.name)},
          {"fingerprint", text(subject.fingerprint)},
          {"what", optional(subject.what)},
          {"provider", optional(kind.provider ? kind.provider->slug : "")},
          {"kind", optional(kind.key ? kind.key->kind : "")},
          {"finds", std::move(finds)},
          {"history", std::move(history)},
          {"advice", advice_of(report, key)}};
}

json::array skipped_of(const SkipList& skipped) {
  json::array out;
  for (std::size_t i = 0; i < reasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (skipped.count(reason) == 0) continue;
    json::array examples;
    for (const Omission& one : skipped.examples()) {
      if (one.reason != reason) continue;
      examples.push_back(json::object{{"path", text(one.path)}, {"detail", optional(one.detail)}});
    }
    out.push_back(json::object{{"reason", text(to_string(reason))},
                               {"count", skipped.count(reason)},
                               {"examples", std::move(examples)}});
  }
  return out;
}

std::string_view outcome(const Report& report) {
  if (report.interrupted) return "interrupted";
  if (report.leaks() > 0) return "found";
  return report.unreadable() ? "unreadable" : "clean";
}

}  // namespace

std::string as_json(const Report& report) {
  json::array keys;
  for (std::size_t key = 0; key < report.keys.size(); ++key) {
    if (!report.any || report.leaks(key) > 0) keys.push_back(key_of(report, key));
  }
  json::array repositories;
  for (const RepositoryFinds& repository : report.repositories) {
    json::array skipped;
    for (const SkippedObjects& one : repository.found.skipped) {
      skipped.push_back(json::object{
          {"what", text(one.what)}, {"reason", text(one.reason)}, {"count", one.count}});
    }
    repositories.push_back(json::object{{"path", text(repository.path)},
                                        {"objects", repository.found.objects},
                                        {"skipped", std::move(skipped)}});
  }
  const json::object out{{"version", 1},
                         {"outcome", text(outcome(report))},
                         {"keys", std::move(keys)},
                         {"searched", json::object{{"files", report.tally.files},
                                                   {"bytes", report.tally.bytes},
                                                   {"repositories", std::move(repositories)}}},
                         {"skipped", skipped_of(report.tally.skipped)}};
  return json::serialize(out) + "\n";
}

}  // namespace locksmith::leaks
