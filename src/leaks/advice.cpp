// The order matters: a key that was seen is worth revoking even if every copy is removed, and
// removing copies first only costs time in which it works.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

bool any(const Report& report, std::size_t key, auto&& fits) {
  return std::ranges::any_of(report.tally.finds, [&](const Find& find) {
    return find.key == key && !find.at_home && fits(find);
  });
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
  if (has([](const Find&) { return true; })) out.push_back(rotate(subject));
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
  if (has([](const Find& find) { return find.where == Where::file && find.inside.empty(); })) {
    out.push_back(
        {"Let the program read it from its environment or a secret store, and replace "
         "the copies in the files above.",
         {}});
  }
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
