// The way from a status to a cause, on one page: docs/decision-tree.md, built into the program.
#pragma once

#include <string_view>

namespace locksmith::cli {

extern const std::string_view decision_tree;

}  // namespace locksmith::cli
