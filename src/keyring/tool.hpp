// Runs the program of a password manager and takes what it prints. Internal to keyring/.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::keyring {

// A person may have to type a passphrase or touch a sensor meanwhile.
inline constexpr std::chrono::seconds tool_time{90};

// Without a shell: each word is one argument. The program keeps the terminal, but not standard
// input. Errors: it is not installed, it failed (with what it said), it takes longer than `time`.
Result<base::Secret> run_tool(const std::vector<std::string>& words,
                              std::chrono::milliseconds time = tool_time);

}  // namespace locksmith::keyring
