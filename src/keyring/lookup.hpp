// Finds one setting of a file by the name that a person gives it. Internal to keyring/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/setting.hpp"

namespace locksmith::keyring {

struct Found {
  settings::Setting setting;
  std::vector<std::string> notes;
};

// By its whole name, else by its last part ("aws_secret_access_key", "password") where one setting
// alone has it, else as `NAME=value` within a list (compose's `environment`). `place` names the
// file in errors.
Result<Found> look_up(const std::vector<settings::Setting>& settings, std::string_view name,
                      std::string_view place);

}  // namespace locksmith::keyring
