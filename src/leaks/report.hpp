// What `locksmith leaks` tells, whatever form it takes. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "leaks/find.hpp"
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

struct Report {
  std::vector<Subject> keys;
  bool any = false;
  Tally tally;  // Find::key is the index into `keys`
  bool interrupted = false;

  // Fills in what only the whole says: copies at home, what reaches browsers, the originals of
  // source maps, which are read once more.
  void annotate();
  // Puts the keys in the order of their first copies; those that threads found come as they come.
  void sort_keys();

  // Copies that are leaks: not where the key was taken from.
  std::size_t leaks(std::size_t key) const;
  std::size_t leaks() const;
  // Nothing at all could be read.
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

// "config.js:12:3", "image.tar!layer.tar!etc/app.env:2"; safe to show.
std::string place(const Find& find);

}  // namespace locksmith::leaks
