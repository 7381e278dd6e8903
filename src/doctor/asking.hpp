// Everything that is sent goes through here: the rules (probe/safety.hpp), the budget, and the
// record of what was sent and why.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "doctor/doctor.hpp"
#include "probe/probes.hpp"

namespace locksmith::doctor {

// Without query and fragment, and with a key in the path or in the userinfo left out.
std::string shown_url(const http::Url& url, const credential::Credential* main);

class Asking {
 public:
  Asking(Question& question, const Options& options, probe::Transport* transport,
         report::Report& report);

  const Options& options() const { return options_; }
  bool may_ask() const;

  // Sends the failing request, follows its redirects where the command said so, and puts the
  // exchanges into the question's bundle. An Error when nothing came back.
  std::optional<Error> ask_original();
  // Sends one probe of an answered question. An Error when it is not allowed, or nothing came back;
  // the probe then tells nothing.
  Result<http::Exchange> ask(const probe::Probe& probe, const http::Request& request,
                             const inspect::Case& failure);

 private:
  Result<probe::Sent> send(const http::Request& request, const http::Request& original,
                           std::string_view probe, std::string_view why);
  std::optional<Error> follow_redirects(const http::Request& original);

  Question& question_;
  const Options& options_;
  probe::Transport* transport_;
  report::Report& report_;
};

}  // namespace locksmith::doctor
