// SARIF 2.1.0, the form in which code scanning takes results
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace locksmith::report {

struct Sarif {
  struct Rule {
    std::string id, description, help;
  };
  struct Result {
    std::size_t rule = 0;  // index into `rules`
    std::string level;     // "error", "warning", "note"
    std::string message;
    std::string
        path;  // bytes of the file system; relative to the folder that was searched, or absolute
    std::string inside;       // the way through an archive, or the commit
    std::uint64_t line = 0;   // 1-based; 0: not known
    std::string fingerprint;  // the same in every run that finds the same
  };
  struct Notification {
    std::string id, message;
  };

  std::string version;  // of Locksmith
  std::vector<Rule> rules;
  std::vector<Result> results;
  std::vector<Notification> notifications;  // what was not searched
  bool complete = true;
};

std::string as_json(const Sarif& sarif);

// RFC 3986: relative, or file:///… for an absolute path; every byte survives.
std::string uri_of(std::string_view path);

}  // namespace locksmith::report
