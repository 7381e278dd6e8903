#include "credential/credential_names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

using base::equals_ignoring_case;

// The authentication schemes of the IANA registry, and the words that vendors put in their place.
// https://www.iana.org/assignments/http-authschemes
constexpr std::array<std::string_view, 31> schemes{"basic",
                                                   "bearer",
                                                   "digest",
                                                   "dpop",
                                                   "gnap",
                                                   "hoba",
                                                   "mutual",
                                                   "negotiate",
                                                   "oauth",
                                                   "scram-sha-256",
                                                   "token",
                                                   "bot",
                                                   "apikey",
                                                   "api-key",
                                                   "key",
                                                   "jwt",
                                                   "sso-key",
                                                   "genie",
                                                   "genieapikey",
                                                   "klaviyo-api-key",
                                                   "deepl-auth-key",
                                                   "aws4-hmac-sha256",
                                                   "sharedkey",
                                                   "signature",
                                                   "hmac",
                                                   "zoho-oauthtoken",
                                                   "discogs",
                                                   "snitch",
                                                   "flyv1",
                                                   "ssws",
                                                   "splunk"};

// Names that hold a credential wherever they occur; matched whole.
constexpr std::array<std::string_view, 12> header_names{"authorization",
                                                        "proxy-authorization",
                                                        "private-token",
                                                        "job-token",
                                                        "deploy-token",
                                                        "x-auth-email",
                                                        "x-amz-security-token",
                                                        "x-auth-key",
                                                        "ocp-apim-subscription-key",
                                                        "x-goog-api-key",
                                                        "hibp-api-key",
                                                        "x-mbx-apikey"};

// Words of a header's name that make it a credential, unless a word of `not_header_words` is there
// too.
constexpr std::array<std::string_view, 9> header_words{"key",           "apikey",     "token",
                                                       "secret",        "auth",       "password",
                                                       "authorization", "credential", "signature"};
constexpr std::array<std::string_view, 12> not_header_words{
    "csrf",    "xsrf",      "idempotency", "sec", "access-control", "crumb", "cache",
    "content", "surrogate", "atlassian",   "www", "authority"};

constexpr std::array<std::string_view, 34> query_names{"key",
                                                       "apikey",
                                                       "api_key",
                                                       "api-key",
                                                       "access_token",
                                                       "accesstoken",
                                                       "token",
                                                       "auth",
                                                       "auth_token",
                                                       "authtoken",
                                                       "appid",
                                                       "app_key",
                                                       "appkey",
                                                       "app_id",
                                                       "hapikey",
                                                       "secret",
                                                       "api_secret",
                                                       "client_secret",
                                                       "private_token",
                                                       "signature",
                                                       "sig",
                                                       "x-amz-signature",
                                                       "x-goog-signature",
                                                       "x-algolia-api-key",
                                                       "subscription-key",
                                                       "apitoken",
                                                       "api_token",
                                                       "password",
                                                       "pwd",
                                                       "authorization",
                                                       "access_key",
                                                       "jwt",
                                                       "id_token",
                                                       "ocp-apim-subscription-key"};

constexpr std::array<std::string_view, 6> cookie_names{"access_token", "auth_token", "token",
                                                       "jwt",          "api_key",    "apikey"};

// Headers that clients send by themselves or that carry no credential, beside those of
// `not_header_words`.
constexpr std::array<std::string_view, 24> ordinary_headers{"accept",
                                                            "accept-encoding",
                                                            "accept-language",
                                                            "user-agent",
                                                            "host",
                                                            "origin",
                                                            "referer",
                                                            "content-type",
                                                            "content-length",
                                                            "connection",
                                                            "cache-control",
                                                            "pragma",
                                                            "date",
                                                            "x-amz-date",
                                                            "x-amz-content-sha256",
                                                            "x-request-id",
                                                            "x-correlation-id",
                                                            "traceparent",
                                                            "cookie",
                                                            "range",
                                                            "if-none-match",
                                                            "x-forwarded-for",
                                                            "x-requested-with",
                                                            "x-stainless-runtime"};

// Fields of a body that hold a credential: OAuth's (RFC 6749 section 2.3.1, RFC 7521 section 4.1)
// and what APIs without a header use.
constexpr std::array<std::string_view, 9> body_names{
    "apikey", "client_assertion", "signature",       "password", "passwd", "secret",
    "jwt",    "assertion",        "subscription-key"};
constexpr std::array<std::string_view, 3> body_endings{"_key", "_token", "_secret"};
// Ends like one, and is none.
constexpr std::array<std::string_view, 8> not_body_names{
    "public_key", "primary_key",   "foreign_key", "idempotency_key",
    "sort_key",   "partition_key", "page_token",  "next_token"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::any_of(names,
                             [&](std::string_view n) { return equals_ignoring_case(n, name); });
}

// Whether `word` occurs in `name` as a whole word between '-', '_' and the ends.
bool has_word(std::string_view name, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= name.size(); ++at) {
    const auto is_edge = [&](std::size_t i) { return name[i] == '-' || name[i] == '_'; };
    if (!equals_ignoring_case(name.substr(at, word.size()), word)) continue;
    const std::size_t end = at + word.size();
    if ((at == 0 || is_edge(at - 1)) && (end == name.size() || is_edge(end))) return true;
  }
  return false;
}

bool has_no_credential_word(std::string_view name) {
  return std::ranges::any_of(not_header_words,
                             [&](std::string_view word) { return has_word(name, word); });
}

}  // namespace

bool is_scheme(std::string_view word) { return is_one_of(schemes, word); }

bool is_authorization(std::string_view header) { return has_word(header, "authorization"); }

bool is_credential_header(std::string_view name) {
  if (is_one_of(header_names, name)) return true;
  if (has_no_credential_word(name)) return false;
  const auto occurs = [&](std::string_view word) { return has_word(name, word); };
  return std::ranges::any_of(header_words, occurs) || name.ends_with("apikey") ||
         name.ends_with("ApiKey");
}

bool is_ordinary_header(std::string_view name) {
  return is_one_of(ordinary_headers, name) || has_no_credential_word(name);
}

bool is_credential_parameter(std::string_view name) { return is_one_of(query_names, name); }

bool is_credential_cookie(std::string_view name) { return is_one_of(cookie_names, name); }

bool is_credential_field(std::string_view name) {
  const std::string lower = base::lower(name);
  const bool ending =
      std::ranges::any_of(body_endings, [&](std::string_view end) { return lower.ends_with(end); });
  return !is_one_of(not_body_names, name) && (ending || is_one_of(body_names, name));
}

}  // namespace locksmith::credential
