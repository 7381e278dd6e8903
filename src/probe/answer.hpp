// Whether two refusals are one and the same, whatever differs from request to request: ids, times,
// and the key that an API reads back.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "credential/credential.hpp"
#include "http/message.hpp"

namespace locksmith::probe {

// Status, body, challenge and the place of a redirect say the same. Each exchange's own credentials
// are looked for in its own answer; `known` are the provider's placements.
bool same_answer(const http::Exchange& a, const http::Exchange& b,
                 std::span<const credential::Placement> known = {});

// The text without what is different in every answer: `secrets`, masked keys, times, random ids.
std::string constant_part(std::string_view text, std::span<const std::string> secrets);

}  // namespace locksmith::probe
