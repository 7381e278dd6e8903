// Reads and writes HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) with the additions of
// the evidence bundle.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/bundle.hpp"

namespace locksmith::http {

// `entry` counts from 1 and picks the failing exchange; without it failing_exchange() does.
Result<Bundle> read_har(std::string_view text, std::optional<std::size_t> entry = {});
// Writes every byte as it is: redact the bundle first (credential/redact.hpp).
std::string write_har(const Bundle& bundle);

}  // namespace locksmith::http
