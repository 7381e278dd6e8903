// Finds the credential of a request, in the places where the policy looks for one.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "authority/decide.hpp"
#include "authority/key_format.hpp"

namespace locksmith::authority {

struct Found {
  Cause cause = Cause::none;  // none: here it is; else why there is none that counts
  Presented presented;        // also of one that does not count, when there is one
};
Found find_credential(const Policy& policy, const Request& request);

using KeyBuffer = std::array<char, 2 * max_key_size>;
// The key itself: percent or Basic coding undone, in `buffer` when there was any. Empty optional
// when the coding is broken or it is longer than any key.
std::optional<std::string_view> decoded_key(const Presented& presented, KeyBuffer& buffer);

// "in the Authorization header", "in the query parameter api_key"
std::string place_text(const Presented& presented);
std::string place_text(const Placement& placement);

}  // namespace locksmith::authority
