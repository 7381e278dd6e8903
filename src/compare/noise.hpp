// What two requests may differ in without it meaning anything for authentication.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace locksmith::compare {

struct Noise {
  std::string_view name;    // of a header, lower case; a '*' at its end stands for any rest
  std::string_view reason;  // why it explains no refusal
};

std::span<const Noise> noise();
// Why differences in this header are left out; nullopt: they count.
std::optional<std::string_view> noise_reason(std::string_view header);
// "curl/8.5.0" and "curl/7.88.1" are one client.
bool same_client(std::string_view user_agent, std::string_view other);

}  // namespace locksmith::compare
