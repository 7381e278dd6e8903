// The order matters: a key that was seen is worth revoking even if every copy is removed, and
// removing copies first only costs time in which it works.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

bool any(const Report& report, std::size_t key, auto&& fits) {
  return std::ranges::any_of(report.tally.finds, [&](const Find& find) {
    return find.key == key && !find.at_home && fits(find);
  });
}

struct InHistory {
  bool any = false, published = false, in_refs = false, elsewhere = false;
};
InHistory history_of(const Report& report, std::size_t key) {
  InHistory out;
  for (const RepositoryFinds& repository : report.repositories) {
    for (const HistoryFind& find : repository.found.finds) {
      if (find.key != key) continue;
      const bool named = find.reach & (by_remote | by_branch | by_tag);
      out.any = true;
      out.published = out.published || find.published();
      out.in_refs = out.in_refs || named;
      out.elsewhere = out.elsewhere || !named;
    }
  }
  return out;
}

// git-filter-repo(1), and GitHub's page on the matter:
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository
void add_history(const InHistory& history, std::vector<Advice>& out) {
  if (history.published) {
    out.push_back(
        {"The history was pushed: clones, forks and caches keep what they have, and only "
         "the rotation helps against them. Cleaning keeps further people from finding "
         "it; afterwards everybody clones anew, and the host is asked to drop its caches.",
         {}});
  }
  if (history.in_refs) {
    out.push_back(
        {"Rewrite the history in a fresh clone. keys.txt holds the key alone on a line, "
         "outside of the repository; delete it afterwards.",
         {"git filter-repo --replace-text ../keys.txt", "git push --force --mirror"}});
  }
  if (history.elsewhere) {
    out.push_back(
        {"Drop what only stashes, the reflog and unreachable objects hold.",
         {"git stash list", "git reflog expire --expire=now --all", "git gc --prune=now"}});
  }
}

// Where programs get their keys from when they are started in that folder.
bool is_env_file(const Find& find) {
  const std::string_view name = std::string_view(find.path).substr(find.path.find_last_of('/') + 1);
  const bool example = name.contains("example") || name.contains("sample") ||
                       name.contains("template") || name.ends_with(".dist");
  return find.where == Where::file && find.inside.empty() && find.exposure.empty() && !example &&
         (name == ".env" || name.starts_with(".env.") || name == ".envrc" || name == ".dev.vars");
}

// No copy stands but where keys are kept: to call for a rotation would be a false alarm.
Advice keep_there(const Report& report, std::size_t key) {
  const auto find = std::ranges::find_if(
      report.tally.finds, [&](const Find& one) { return one.key == key && !one.at_home; });
  return {
      "A .env file is where a program gets its key from. It is no leak as long as git ignores "
      "the file and nobody gets a copy; if somebody did, rotate the key.",
      {"git check-ignore -v " + http::shell_quote(base::printable(find->path))}};
}

Advice rotate(const Subject& subject) {
  std::string where = "where it was made";
  if (subject.kind.provider) {
    const catalogue::Provider& provider = *subject.kind.provider;
    where = fmt::format("at {}", provider.name);
    if (!provider.pages.keys.empty()) where += fmt::format(" ({})", provider.pages.keys);
  }
  return {fmt::format("Rotate it: make a new key {}, put it in place everywhere, then revoke this "
                      "one. Until it is revoked, removing copies protects nobody.",
                      where),
          {}};
}

// In which words a shell gives the key to a program without showing it.
std::string variable_of(const Subject& subject) {
  constexpr std::string_view from = "env:";
  return subject.name.starts_with(from) ? subject.name.substr(from.size()) : "KEY";
}

}  // namespace

std::vector<Advice> advice(const Report& report, std::size_t key) {
  const Subject& subject = report.keys.at(key);
  std::vector<Advice> out;
  const auto has = [&](auto&& fits) { return any(report, key, fits); };
  const InHistory history = history_of(report, key);
  const bool kept = !history.any && !has([](const Find& find) { return !is_env_file(find); });
  if (report.leaks(key) > 0) out.push_back(kept ? keep_there(report, key) : rotate(subject));
  if (has([](const Find& find) { return !find.exposure.empty(); })) {
    out.push_back(
        {"Browsers get it: whoever opened the page may have it. Let a server of yours "
         "make the request, so that no page needs the key.",
         {}});
  }
  if (has([](const Find& find) { return find.where == Where::staged; })) {
    out.push_back({"Take it out of what is staged, before it becomes history.",
                   {"git restore --staged FILE"}});
  }
  if (has([&](const Find& find) {
        return find.where == Where::file && find.inside.empty() && !kept;
      })) {
    out.push_back(
        {"Let the program read it from its environment or a secret store, and replace "
         "the copies in the files above.",
         {}});
  }
  if (history.any) add_history(history, out);
  if (has([](const Find& find) { return !find.inside.empty(); })) {
    out.push_back(
        {"Build the archives and images above anew without it, and delete the old ones "
         "where they were pushed to: a later layer hides a file, it does not remove it. "
         "While building, give it as a secret.",
         {"docker build --secret id=key,env=" + variable_of(subject) + " ."}});
  }
  if (has([](const Find& find) { return find.where == Where::shell_history; })) {
    out.push_back(
        {"Delete its lines from the shell histories above, after closing the other "
         "shells, which would write them back. Next time, put a blank before the command "
         "(HISTCONTROL=ignorespace, setopt hist_ignore_space) or name the key as env:NAME.",
         {}});
  }
  if (has([](const Find& find) { return find.where == Where::log; })) {
    out.push_back({"Delete or redact the logs above, and look where they are shipped to.",
                   {"locksmith redact LOG > LOG.redacted"}});
  }
  return out;
}

}  // namespace locksmith::leaks
