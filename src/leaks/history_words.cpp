// A find of the history in words.
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

std::string day_of(const HistoryCommit& commit) {
  const base::Time local{std::chrono::seconds(commit.date + commit.zone_minutes * 60)};
  return base::format_rfc3339(local).substr(0, 10);
}

std::string commit_text(const HistoryCommit& commit) {
  return fmt::format("{} ({}, {})", commit.id.substr(0, 8), day_of(commit),
                     base::printable(commit.author));
}

}  // namespace

std::string place(const HistoryFind& find) {
  switch (find.kind) {
    case HistoryKind::file:
      return base::printable(find.path.empty() ? find.object.substr(0, 8) : find.path) +
             (find.line > 0 ? fmt::format(":{}", find.line) : "");
    case HistoryKind::file_name:
      return "the name of " + base::printable(find.path);
    case HistoryKind::commit_message:
      return "commit message";
    case HistoryKind::tag_message:
      return "tag " + find.object.substr(0, 8);
  }
  return {};
}

std::string commits(const HistoryFind& find) {
  std::string out;
  const auto add = [&](std::string_view text) { out.append(out.empty() ? "" : ", ").append(text); };
  if (find.disguise != Disguise::plain) add(to_string(find.disguise));
  if (find.versions > 1) add(base::count_of(find.versions, "version"));
  if (find.first && find.last && find.first->id != find.last->id) {
    add(fmt::format("from {} to {}", commit_text(*find.first), commit_text(*find.last)));
  } else if (find.last) {
    add("in " + commit_text(*find.last));
  }
  if (!find.first && !find.stored.empty()) add("in no commit, only in " + find.stored);
  if (!find.refs.empty()) {
    std::string refs = "still in " + base::printable(find.refs.front());
    if (find.refs.size() > 1) refs += fmt::format(" and {} more", find.refs.size() - 1);
    add(refs);
  }
  if (find.published()) add("published");
  return out;
}

std::string name_of(const RepositoryFinds& repository, const HistoryFind& find) {
  std::string out = repository.path == "." ? "" : repository.path;
  if (!find.repository.empty()) out = find.repository + (out.empty() ? "" : " of " + out);
  return base::printable(out);
}

}  // namespace locksmith::leaks
