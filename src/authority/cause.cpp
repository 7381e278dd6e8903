#include "authority/cause.hpp"

#include <array>

namespace locksmith::authority {
namespace {

struct Words {
  std::string_view slug, title;
};

// In the order of the enumeration. The titles are those of catalogue/causes/SLUG.md.
constexpr std::array<Words, cause_count> words{{
    {"", "Allowed"},
    {"missing", "No credential was sent"},
    {"env-unset", "The variable was empty or not expanded"},
    {"placeholder", "The sample text was sent"},
    {"whitespace", "White space is stuck to the key"},
    {"invisible-character", "An invisible or look-alike character is in the key"},
    {"quoted", "Quotes became part of the key"},
    {"malformed", "The key is truncated, masked or mistyped"},
    {"wrong-header", "The key is in the wrong place"},
    {"wrong-scheme", "The word before the key is wrong"},
    {"wrong-credential-type", "It is another kind of credential"},
    {"conflicting-credentials", "Another credential got in the way"},
    {"wrong-environment", "The key is for another environment or region"},
    {"wrong-endpoint", "The address is wrong"},
    {"unknown-key", "The server does not know this key"},
    {"revoked", "The key was revoked"},
    {"leaked", "The key was found in public and revoked"},
    {"expired", "The credential has expired"},
    {"not-yet-active", "The key is not active yet"},
    {"account-suspended", "The account is inactive or suspended"},
    {"ip-blocked", "The source address is not allowed"},
    {"referrer-blocked", "The origin, referrer or app is not allowed"},
    {"endpoint-not-enabled", "The API, endpoint or model is not enabled"},
    {"method-not-permitted", "A read-only key was used to write"},
    {"missing-scope", "The key lacks a permission"},
    {"plan-required", "The plan does not include this"},
    {"rate-limited", "Too many requests"},
    {"billing", "No credit, unpaid, or the bought quota is used up"},
    {"abuse-blocked", "Abuse protection blocked the caller"},
}};

const Words& words_of(Cause cause) { return words.at(static_cast<std::size_t>(cause)); }

}  // namespace

std::string_view slug(Cause cause) { return words_of(cause).slug; }
std::string_view title(Cause cause) { return words_of(cause).title; }

std::optional<Cause> cause_of(std::string_view slug) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].slug == slug) return static_cast<Cause>(i);
  }
  return {};
}

}  // namespace locksmith::authority
