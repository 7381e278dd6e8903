// What `locksmith providers new` writes: the whole file that docs/teach-a-provider.md shows.
#pragma once

#include <string_view>

namespace locksmith::cli {

extern const std::string_view provider_skeleton;

}  // namespace locksmith::cli
