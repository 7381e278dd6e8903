// `keys import` and `keys export`. Internal to keys.cpp.
#pragma once

#include <utility>

#include "daemon/commands.hpp"

namespace locksmith::daemon {

std::pair<arguments::Command*, Run> add_keys_import(arguments::Command& keys);
std::pair<arguments::Command*, Run> add_keys_export(arguments::Command& keys);

}  // namespace locksmith::daemon
