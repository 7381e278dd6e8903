// What `locksmith leaks` tells, whatever form it takes. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "leaks/find.hpp"
#include "leaks/history.hpp"
#include "leaks/kinds.hpp"
#include "report/report.hpp"

namespace locksmith::leaks {

// One key that was looked for or, with --any, found.
struct Subject {
  std::string name;  // as the user named it: "env:GITHUB_TOKEN"; empty with --any
  std::string fingerprint;
  std::string what;  // "GitHub classic-token", "private key (PEM)"; empty: not known
  Kind kind;         // without a provider where none is known
  std::string home;  // the file that it was taken from: a copy there is no leak
};

// What the history of one repository holds.
struct RepositoryFinds {
  std::string path;  // of the work tree, as people name it
  HistoryFinds found;
};

struct Report {
  std::vector<Subject> keys;
  bool any = false;
  Tally tally;  // Find::key is the index into `keys`
  std::vector<RepositoryFinds> repositories;
  bool interrupted = false;

  // Fills in what only the whole says: copies at home, what reaches browsers, the originals of
  // source maps, which are read once more.
  void annotate();
  // Puts the keys in the order of their first copies; those that threads found come as they come.
  void sort_keys();

  // Copies that are leaks: not where the key was taken from.
  std::size_t leaks(std::size_t key) const;
  std::size_t leaks() const;
  // A place that was named could not be read: that nothing was found says nothing.
  bool unreadable() const;
};

// What to do about one key, in order: first what makes the copies worthless, then what removes
// them. A line may be followed by commands.
struct Advice {
  std::string text;
  std::vector<std::string> commands;
};
std::vector<Advice> advice(const Report& report, std::size_t key);

std::string as_text(const Report& report, const report::TextStyle& style);
std::string as_json(const Report& report);
std::string as_sarif(const Report& report, std::string_view version);

// "config.js:12:3", "image.tar!layer.tar!etc/app.env:2"; safe to show.
std::string place(const Find& find);
// "config.js:12", "commit message"; and where in the history that is: "2 versions, from 3f2a9c1d
// (2025-03-01, Ada) to …, in main, published".
std::string place(const HistoryFind& find);
std::string commits(const HistoryFind& find);
// "sub of repository"; empty for the repository of the present folder.
std::string name_of(const RepositoryFinds& repository, const HistoryFind& find);

}  // namespace locksmith::leaks
