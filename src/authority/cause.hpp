// Why a request was refused: the words of catalogue/causes that the authority itself can say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace locksmith::authority {

// Slugs of catalogue/causes; a test holds strings and titles against the pages.
enum class Cause : std::uint8_t {
  none,
  missing,
  env_unset,
  placeholder,
  whitespace,
  invisible_character,
  quoted,
  malformed,
  wrong_header,
  wrong_scheme,
  wrong_credential_type,
  conflicting_credentials,
  wrong_environment,
  wrong_endpoint,
  unknown_key,
  revoked,
  leaked,
  expired,
  not_yet_active,
  account_suspended,
  ip_blocked,
  referrer_blocked,
  endpoint_not_enabled,
  method_not_permitted,
  missing_scope,
  plan_required,
  rate_limited,
  billing,
  abuse_blocked,
};
inline constexpr std::size_t cause_count = 29;

std::string_view slug(Cause cause);   // "missing-scope"; empty for none
std::string_view title(Cause cause);  // "The key lacks a permission"
std::optional<Cause> cause_of(std::string_view slug);

}  // namespace locksmith::authority
