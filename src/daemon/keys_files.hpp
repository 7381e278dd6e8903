// `keys import` and `keys export`. Internal to keys.cpp.
#pragma once

#include <utility>

#include "daemon/commands.hpp"

namespace locksmith::daemon {

std::pair<CLI::App*, Run> add_keys_import(CLI::App& keys);
std::pair<CLI::App*, Run> add_keys_export(CLI::App& keys);

}  // namespace locksmith::daemon
