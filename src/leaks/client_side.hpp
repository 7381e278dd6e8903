// Client-side exposure: what a build puts into a web page is no secret any more.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::leaks {

// Why a copy there reaches browsers: "dist/ is served to browsers"; empty when nothing says so.
// `variable`: the name in front of the copy.
std::string exposure(std::string_view path, std::string_view variable);

}  // namespace locksmith::leaks
