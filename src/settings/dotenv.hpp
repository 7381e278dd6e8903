// Reads lines of NAME=value as the program that is meant would read them.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/setting.hpp"

namespace locksmith::settings {

// `Reader::own` is taken for `Reader::dotenv`.
Result<std::vector<Setting>> read_dotenv_settings(std::string_view text, Reader reader);

}  // namespace locksmith::settings
