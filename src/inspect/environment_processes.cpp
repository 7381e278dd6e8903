// Other processes, and what they were started with.
#include <fmt/format.h>

#include "base/text.hpp"
#include "inspect/environment.hpp"

namespace locksmith::inspect {
namespace {

// The program's name: what follows on a command line may be a secret.
std::string program_of(std::string_view command) {
  command = base::trim(command);
  command = command.substr(0, command.find_first_of(" \t\n"));
  return std::string(command.substr(command.rfind('/') + 1));
}

}  // namespace

void judge_processes(const Case& c, const Values& values, diagnosis::Findings& findings) {
  for (const http::EnvironmentProcess& process : c.bundle.environment.processes) {
    for (const auto& [name, held] : process.variables) {
      if (!holds_key(c, name) || held.empty()) continue;
      const auto present = c.bundle.environment.variables.find(name);
      if (present != c.bundle.environment.variables.end() && !present->second.empty() &&
          present->second != held && c.main && c.main->secret() == held) {
        say(findings, "environment.stale-process", fmt::format("process {}", process.pid),
            fmt::format("The key that was sent is the one that process {} ({}) was started with; "
                        "{} has another value by now.",
                        process.pid, base::printable(process.command.substr(0, 40)), name),
            {{"stale-environment", 32}, {"conflicting-credentials", 12}}, {},
            {fmt::format("kill -TERM {}   # and start it again", process.pid)});
        return;
      }
      for (const Value& value : values) {
        if (value.name != name || value.value == held || value.value.empty() || !value.file)
          continue;
        const bool older =
            process.started && value.file->modified && *process.started < *value.file->modified;
        say(findings, "environment.stale-process", fmt::format("process {}", process.pid),
            fmt::format("{} ({}) still holds another {} than {}{}.", process.pid,
                        program_of(process.command), name, value.place,
                        older ? ", and was started before the file was changed" : ""),
            {{"stale-environment", older ? 30.0 : 22.0}, {"conflicting-credentials", 8}}, {},
            {fmt::format("kill -TERM {}   # and start it again", process.pid)});
        return;
      }
    }
  }
}

}  // namespace locksmith::inspect
