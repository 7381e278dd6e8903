// locksmith redact: filters a log, the output of curl -v, or a HAR, so that it can be shared.
#include "credential/redact.hpp"

#include <memory>
#include <random>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"

namespace locksmith::cli {

Run add_redact(arguments::Command& program) {
  auto path = std::make_shared<std::string>("-");
  arguments::Command* command =
      program.add_subcommand("redact",
                             "Replaces every secret of a text by a look-alike of "
                             "the same form, so that it can be shared.");
  command->add_option("file", *path, "what to read; standard input without it");
  command->footer(
      "Examples:\n  curl -v … 2>&1 | locksmith redact\n  locksmith redact failure.har > "
      "shareable.har");
  return [path] {
    const auto text = read_input(*path);
    if (!text) return report_error(text.error());
    // One seed per run: the same secret gets the same look-alike within the text, and none that can
    // be compared with another run's.
    return print(credential::redact_text(*text, std::random_device()()));
  };
}

}  // namespace locksmith::cli
