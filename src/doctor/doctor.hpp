// The doctor: read, inspect, rank; while it pays: probe, inspect, rank; report.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "catalogue/catalogue.hpp"
#include "doctor/question.hpp"
#include "inspect/inspect.hpp"
#include "probe/transport.hpp"
#include "report/report.hpp"

namespace locksmith::doctor {

struct Options {
  bool replay = false;            // the failing request's own method may be sent again
  bool try_environments = false;  // a key may be shown to the provider's other environments
  bool look_up_peer = false;      // ask DNS what the name of the box that answered stands for
  std::size_t budget = 6;         // requests at most, the failing one included
  std::function<void(std::string_view)> progress = [](std::string_view) {};  // one line per request
};

// The whole method. `transport` is null for no network at all. `question` keeps the exchanges that
// were observed, so that it can be saved as a bundle.
report::Report examine(Question& question, const catalogue::Catalogue& catalogue,
                       const Options& options, probe::Transport* transport);

// A successful answer that hides a refusal ({"ok":false}, GraphQL errors, a login page or a captive
// portal where data was asked for) counts as refused.
bool is_refused(const inspect::Case& c);
bool is_refused(const http::Exchange& exchange, const catalogue::Catalogue& catalogue);

}  // namespace locksmith::doctor
