// Everything that is sent goes through here: the rules (probe/safety.hpp), the budget, and the
// record of what was sent and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/doctor.hpp"
#include "probe/planner.hpp"

namespace locksmith::doctor {

// Without query and fragment, and with a key in the path left out.
std::string shown_url(const http::Url& url, const credential::Credential* main);

// Where a provider's key may go besides the failing request's own origin.
std::vector<std::string> hosts_of(const catalogue::Provider* provider);

class Asking {
 public:
  Asking(Question& question, const catalogue::Catalogue& catalogue, const Options& options,
         probe::Transport* transport, report::Report& report);

  bool may_ask() const;

  // Sends the failing request, follows its redirects where the command said so, and puts the
  // exchanges into the question's bundle. An Error when nothing came back.
  std::optional<Error> ask_original();
  // What was sent in place of a request that could not be repeated as it is (a POST, a key that
  // ends in a line break), when that was let through: then the failure itself has no answer, and
  // this is evidence about it.
  const std::optional<http::Exchange>& stand_in() const { return stand_in_; }

  // Makes one experiment with an answered question. An Error when it is not allowed, or nothing
  // came back; it then tells nothing.
  Result<http::Exchange> ask(const probe::Choice& choice, const inspect::Case& failure);

 private:
  Result<probe::Sent> send(const http::Request& request, const http::Request& original,
                           const http::ClientOptions& way, std::string_view probe,
                           std::string_view why);
  http::Exchange keep(const http::Request& request, probe::Sent sent);
  bool is_let_through(const http::Exchange& exchange, bool same_method) const;
  std::optional<Error> follow_redirects(const http::Request& original);
  Result<void> may_follow(const http::Request& next, const http::Request& original) const;

  Question& question_;
  const catalogue::Catalogue& catalogue_;
  const Options& options_;
  probe::Transport* transport_;
  report::Report& report_;
  std::optional<http::Exchange> stand_in_;
};

}  // namespace locksmith::doctor
