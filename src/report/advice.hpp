// What to do about a cause: the lines of its findings and of its page, filled in for this request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace locksmith::report {

// The commands and steps that mend a cause: those of its findings first, then those of its page. A
// line that needs what is not known here is left out. Commands are safe to paste: what the request
// brought in stands in them quoted, or not at all.
std::vector<std::string> fixes(const Report& report, const diagnosis::Candidate& candidate);

bool is_command(std::string_view fix);  // else it is a sentence
// A command and the remark behind it, as in `date -u   # the present time`.
struct Command {
  std::string_view text, remark;
};
Command split_command(std::string_view fix);

// The one observation that would settle it; empty when the cause is named.
std::string look_next(const Report& report);
// "Retry in 20 seconds, not before." or "Retrying does not help."
std::string retry_advice(const Report& report);

}  // namespace locksmith::report
