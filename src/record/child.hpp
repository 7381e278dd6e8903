// Runs the program that is recorded: with this terminal, these streams and this process group, so
// that it behaves as if it were run by itself.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "record/trust.hpp"

namespace locksmith::record {

// The file that `program` names, found along PATH as execvp(3) does. An Error when there is none,
// or when it would run with another user's rights: such a program ignores its environment.
Result<std::string> find_program(const std::string& program, const Variables& environment);

// Returns its exit code, 128 + N when signal N ended it. Signals that are sent to this process go
// to the program; those that the terminal sends reach both by themselves. When it is stopped
// (Ctrl-Z), so is this process. HeldSignals must be there.
Result<int> run_child(const std::string& path, const std::vector<std::string>& command,
                      const Variables& environment);

// Signals that run_child() waits for do nothing else meanwhile, in any thread that starts after
// this. What came without being taken is forgotten at the end: a second Ctrl-C was for the program
// too.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
};

}  // namespace locksmith::record
