#include "credential/credential.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "credential/scheme_words.hpp"
#include "http/url.hpp"

namespace locksmith::credential {
namespace {

using base::equals_ignoring_case;

constexpr std::array<std::pair<Place, std::string_view>, 6> place_names{
    {{Place::header, "header"},
     {Place::query, "query"},
     {Place::cookie, "cookie"},
     {Place::userinfo, "userinfo"},
     {Place::path, "path"},
     {Place::body, "body"}}};

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

bool is_credential_header(std::string_view name, std::span<const Placement> known) {
  for (const Placement& placement : known) {
    if (placement.place == Place::header && equals_ignoring_case(placement.name, name)) return true;
  }
  if (is_one_of(header_names, name)) return true;
  const auto occurs = [&](std::string_view word) { return has_word(name, word); };
  if (std::ranges::any_of(not_header_words, occurs)) return false;
  return std::ranges::any_of(header_words, occurs) || name.ends_with("apikey") ||
         name.ends_with("ApiKey");
}

Basic read_basic(std::string_view encoded) {
  Basic basic;
  // Padding and line breaks are forgiven here so that what is inside can be judged; the defect in
  // the encoding is a finding of its own (find_defects on the value).
  std::string compact(encoded);
  std::erase_if(compact, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto decoded = base::base64_decode(compact);
  if (!decoded) decoded = base::base64url_decode(compact);
  if (!decoded) {
    basic.valid_base64 = false;
    return basic;
  }
  const auto colon = decoded->find(':');
  basic.has_colon = colon != std::string::npos;
  basic.user = decoded->substr(0, colon);
  if (basic.has_colon) basic.password = base::Secret(decoded->substr(colon + 1));
  return basic;
}

// No more of a key than its fingerprint shows.
bool is_short_word(std::string_view word) {
  constexpr std::size_t longest = 7;
  return word.size() <= longest && std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

// "Bearer x" → scheme and value. A first word counts as a scheme when it is a known one, or when it
// is written like one and something follows: what counts as a scheme is shown.
Credential from_header(const http::Header& header) {
  Credential credential;
  credential.name = header.name;
  const std::string_view value = header.value;
  const std::size_t start = std::min(value.find_first_not_of(" \t"), value.size());
  const auto blank = value.find_first_of(" \t", start);
  const std::string_view word =
      value.substr(start, blank == std::string_view::npos ? blank : blank - start);
  const bool whole = blank == std::string_view::npos;
  std::string_view bare = word;
  if (bare.ends_with(':') || bare.ends_with('=')) bare.remove_suffix(1);
  const bool authorization = has_word(header.name, "authorization");
  const bool is_scheme =
      is_one_of(schemes, base::trim(bare)) ||
      (!whole && authorization && (written_like_scheme(word) || is_short_word(word)));
  if (is_scheme) {
    credential.scheme = word;
    // Only one blank belongs to the syntax (RFC 9110 section 11.4: 1*SP); more are a defect of the
    // value.
    credential.offset = whole ? value.size() : blank + 1;
  } else {
    // White space around a field value is not part of it (RFC 9110 section 5.5): a leading blank is
    // no defect.
    credential.offset = start;
  }
  // `Token token="x"`, as Rails and what follows it write it:
  // https://api.rubyonrails.org/classes/ActionController/HttpAuthentication/Token.html
  constexpr std::string_view parameter = "token=";
  std::string_view rest = value.substr(credential.offset);
  if (equals_ignoring_case(bare, "token") && rest.starts_with(parameter)) {
    credential.scheme = value.substr(start, credential.offset + parameter.size() - start);
    credential.offset += parameter.size();
    rest.remove_prefix(parameter.size());
    if (rest.size() > 1 && rest.front() == '"' && rest.back() == '"') {
      ++credential.offset;
      rest = rest.substr(1, rest.size() - 2);
    }
  }
  credential.value = base::Secret(std::string(rest));
  if (is_scheme && equals_ignoring_case(bare, "basic")) credential.basic = read_basic(rest);
  return credential;
}

void find_in_headers(const http::Request& request, std::span<const Placement> known,
                     std::vector<Credential>& found) {
  for (const http::Header& header : request.headers) {
    if (equals_ignoring_case(header.name, "authorization")) found.push_back(from_header(header));
  }
  for (const http::Header& header : request.headers) {
    if (equals_ignoring_case(header.name, "authorization") ||
        !is_credential_header(header.name, known))
      continue;
    found.push_back(from_header(header));
  }
}

void find_in_query(const http::Url& url, std::span<const Placement> known,
                   std::vector<Credential>& found) {
  for (const http::QueryParameter& parameter : http::query_parameters(url.query)) {
    const bool is_known = std::ranges::any_of(known, [&](const Placement& placement) {
      return placement.place == Place::query &&
             equals_ignoring_case(placement.name, parameter.name);
    });
    if (!is_known && !is_one_of(query_names, parameter.name)) continue;
    found.push_back({.place = Place::query,
                     .name = parameter.name,
                     .scheme = {},
                     .value = base::Secret(base::percent_decode(parameter.value, true)),
                     .offset = 0,
                     .basic = {}});
  }
}

void find_in_cookies(const http::Request& request, std::span<const Placement> known,
                     std::vector<Credential>& found) {
  for (const std::string_view line : request.headers.all("cookie")) {
    for (std::size_t start = 0; start < line.size();) {
      const std::size_t end = std::min(line.find(';', start), line.size());
      const std::string_view pair = base::trim(line.substr(start, end - start));
      start = end + 1;
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view name = pair.substr(0, equals);
      const bool is_known = std::ranges::any_of(known, [&](const Placement& p) {
        return p.place == Place::cookie && equals_ignoring_case(p.name, name);
      });
      if (!is_known && !is_one_of(cookie_names, name)) continue;
      found.push_back({.place = Place::cookie,
                       .name = std::string(name),
                       .scheme = {},
                       .value = base::Secret(std::string(pair.substr(equals + 1))),
                       .offset = 0,
                       .basic = {}});
    }
  }
}

void find_in_path(const http::Url& url, std::span<const Placement> known,
                  std::vector<Credential>& found) {
  for (const Placement& placement : known) {
    if (placement.place != Place::path) continue;
    const auto at = url.path.find(placement.name);
    if (at == std::string::npos) continue;
    const std::size_t start = at + placement.name.size();
    const std::string_view part = std::string_view(url.path).substr(
        start, std::min(url.path.find('/', start), url.path.size()) - start);
    found.push_back({.place = Place::path,
                     .name = std::string(placement.name),
                     .scheme = {},
                     .value = base::Secret(base::percent_decode(part)),
                     .offset = 0,
                     .basic = {}});
    return;
  }
}

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

// A value that looks made by a machine: long, without blanks, letters and digits mixed.
bool looks_random(std::string_view value) {
  if (value.size() < 16 || value.find_first_of(" ;,") != std::string_view::npos) return false;
  const auto digits = std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; });
  const auto letters = std::ranges::count_if(
      value, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return digits >= 3 && letters >= 3 && !value.contains("://");
}

// The key in a header of the vendor's own whose name does not say so ("X-Honeycomb-Team").
void find_in_odd_headers(const http::Request& request, std::vector<Credential>& found) {
  for (const http::Header& header : request.headers) {
    const bool ordinary = is_one_of(ordinary_headers, header.name) ||
                          std::ranges::any_of(not_header_words, [&](std::string_view w) {
                            return has_word(header.name, w);
                          });
    if (!ordinary && looks_random(header.value)) found.push_back(from_header(header));
  }
}

// Fields of a body that hold a credential: OAuth's (RFC 6749 section 2.3.1) and what APIs without a
// header use.
constexpr std::array<std::string_view, 6> body_names{"apikey",   "client_assertion", "signature",
                                                     "password", "passwd",           "secret"};
constexpr std::array<std::string_view, 3> body_endings{"_key", "_token", "_secret"};
// Ends like one, and is none.
constexpr std::array<std::string_view, 8> not_body_names{
    "public_key", "primary_key",   "foreign_key", "idempotency_key",
    "sort_key",   "partition_key", "page_token",  "next_token"};

void add_from_body(std::string_view name, std::string value, std::vector<Credential>& found) {
  const bool ending = std::ranges::any_of(
      body_endings, [&](std::string_view e) { return base::lower(name).ends_with(e); });
  if (is_one_of(not_body_names, name) || !(ending || is_one_of(body_names, name))) return;
  found.push_back({.place = Place::body,
                   .name = std::string(name),
                   .scheme = {},
                   .value = base::Secret(std::move(value)),
                   .offset = 0,
                   .basic = {}});
}

void find_in_body(const http::Request& request, std::vector<Credential>& found) {
  constexpr std::size_t most_bytes = 65536;
  const std::string_view body = base::trim(request.body);
  if (body.empty() || body.size() > most_bytes) return;
  if (body.front() == '{') {
    boost::system::error_code error;
    const boost::json::value value =
        boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
    if (error || !value.is_object()) return;
    for (const auto& field : value.get_object()) {
      if (field.value().is_string())
        add_from_body(std::string_view(field.key().data(), field.key().size()),
                      std::string(field.value().get_string()), found);
    }
  } else if (body.contains('=') && !body.contains('\n')) {
    for (const http::QueryParameter& parameter : http::query_parameters(body))
      add_from_body(parameter.name, base::percent_decode(parameter.value, true), found);
  }
}

}  // namespace

std::string_view to_string(Place place) {
  return std::ranges::find(place_names, place, &std::pair<Place, std::string_view>::first)->second;
}

std::optional<Place> place_from(std::string_view name) {
  const auto hit =
      std::ranges::find(place_names, name, &std::pair<Place, std::string_view>::second);
  if (hit == place_names.end()) return {};
  return hit->first;
}

const std::string& Credential::secret() const {
  if (!basic) return value.reveal();
  return basic->password.empty() ? basic->user : basic->password.reveal();
}

std::string Credential::where() const {
  switch (place) {
    case Place::header:
      return fmt::format("{} header", name);
    case Place::query:
      return fmt::format("query parameter {}", name);
    case Place::cookie:
      return fmt::format("cookie {}", name);
    case Place::userinfo:
      return "user and password in the URL";
    case Place::path:
      return fmt::format("URL path, behind {}", name);
    case Place::body:
      return fmt::format("request body, field {}", name);
  }
  return name;
}

std::vector<Credential> find_credentials(const http::Request& request,
                                         std::span<const Placement> known) {
  std::vector<Credential> found;
  const http::Url url = http::parse_url(request.url);
  find_in_headers(request, known, found);
  find_in_query(url, known, found);
  find_in_cookies(request, known, found);
  if (!url.userinfo.empty()) {
    Credential credential{.place = Place::userinfo, .name = "userinfo", .scheme = "Basic"};
    const std::string text = base::percent_decode(url.userinfo);
    const auto colon = text.find(':');
    credential.value = base::Secret(text);
    credential.basic =
        Basic{.user = text.substr(0, colon),
              .password = base::Secret(colon == std::string::npos ? "" : text.substr(colon + 1)),
              .has_colon = colon != std::string::npos,
              .valid_base64 = true};
    found.push_back(std::move(credential));
  }
  find_in_path(url, known, found);
  find_in_body(request, found);
  if (found.empty()) find_in_odd_headers(request, found);
  return found;
}

}  // namespace locksmith::credential
