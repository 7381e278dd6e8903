// Asks for a key at the terminal without showing what is typed. Internal to keyring/.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::keyring {

// The controlling terminal, whatever the standard streams are.
Result<base::Secret> ask_hidden(std::string_view prompt);
// The same at an open terminal. A signal that ends or stops the process (Ctrl-C, Ctrl-Z) comes
// through only after the terminal is as it was.
Result<base::Secret> ask_hidden(int terminal, std::string_view prompt);

}  // namespace locksmith::keyring
