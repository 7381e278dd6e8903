#include "credential/credential.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "credential/credential_names.hpp"
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

bool is_known(std::span<const Placement> known, Place place, std::string_view name) {
  return std::ranges::any_of(known, [&](const Placement& placement) {
    return placement.place == place && equals_ignoring_case(placement.name, name);
  });
}

Credential in_place(Place place, std::string_view name, std::string value) {
  return {.place = place,
          .name = std::string(name),
          .scheme = {},
          .value = base::Secret(std::move(value)),
          .offset = 0,
          .basic = {}};
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
  // "X-Api-Key: X-Other-Key: abc": a whole header line was given as the key.
  const bool header_line = !whole && word.ends_with(':') && is_credential_header(bare);
  const bool has_scheme = header_line || is_scheme(base::trim(bare)) ||
                          (!whole && is_authorization(header.name) &&
                           (written_like_scheme(word) || is_short_word(word)));
  if (has_scheme) {
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
  if (has_scheme && equals_ignoring_case(bare, "basic")) credential.basic = read_basic(rest);
  return credential;
}

void find_in_headers(const http::Request& request, std::span<const Placement> known,
                     std::vector<Credential>& found) {
  for (const http::Header& header : request.headers) {
    if (equals_ignoring_case(header.name, "authorization")) found.push_back(from_header(header));
  }
  for (const http::Header& header : request.headers) {
    if (equals_ignoring_case(header.name, "authorization") ||
        !(is_known(known, Place::header, header.name) || is_credential_header(header.name)))
      continue;
    found.push_back(from_header(header));
  }
}

void find_in_query(const http::Url& url, std::span<const Placement> known,
                   std::vector<Credential>& found) {
  for (const http::QueryParameter& parameter : http::query_parameters(url.query)) {
    if (is_known(known, Place::query, parameter.name) || is_credential_parameter(parameter.name))
      found.push_back(
          in_place(Place::query, parameter.name, base::percent_decode(parameter.value, true)));
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
      if (is_known(known, Place::cookie, name) || is_credential_cookie(name))
        found.push_back(in_place(Place::cookie, name, std::string(pair.substr(equals + 1))));
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
    found.push_back(in_place(Place::path, placement.name, base::percent_decode(part)));
    return;
  }
}

// A value that looks made by a machine: long, without blanks, letters and digits mixed.
bool looks_made(std::string_view value) {
  if (value.size() < 16 || value.find_first_of(" ;,") != std::string_view::npos) return false;
  const auto digits = std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; });
  const auto letters = std::ranges::count_if(
      value, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return digits >= 3 && letters >= 3 && !value.contains("://");
}

// The key in a header of the vendor's own whose name does not say so ("X-Honeycomb-Team").
void find_in_odd_headers(const http::Request& request, std::vector<Credential>& found) {
  for (const http::Header& header : request.headers) {
    if (!is_ordinary_header(header.name) && looks_made(header.value))
      found.push_back(from_header(header));
  }
}

// The path up to the key is its name, so that all who look for the name find the key behind it.
void find_behind_version(const http::Url& url, std::vector<Credential>& found) {
  const auto key = key_behind_version(url.path);
  if (!key) return;
  const std::string_view path = url.path;
  found.push_back(in_place(Place::path, path.substr(0, key->first),
                           std::string(path.substr(key->first, key->second))));
}

void add_from_body(std::string_view name, std::string value, std::vector<Credential>& found) {
  if (is_credential_field(name)) found.push_back(in_place(Place::body, name, std::move(value)));
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

std::optional<std::pair<std::size_t, std::size_t>> key_behind_version(std::string_view path) {
  constexpr std::size_t shortest = 24;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto in_key = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  for (std::size_t at = path.find("/v"); at != path.npos; at = path.find("/v", at + 1)) {
    const std::size_t slash = path.find('/', at + 1);
    if (slash == path.npos) return {};
    const std::string_view number = path.substr(at + 2, slash - at - 2);
    if (number.empty() || !std::ranges::all_of(number, is_digit)) continue;
    const std::string_view key = path.substr(slash + 1, path.find('/', slash + 1) - slash - 1);
    constexpr std::size_t uuid = 36;  // an id in itself (RFC 9562)
    if (key.size() < shortest || (key.size() == uuid && key[8] == '-')) continue;
    if (std::ranges::all_of(key, in_key) && looks_made(key))
      return std::pair(slash + 1, key.size());
  }
  return {};
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
  if (found.empty()) find_behind_version(url, found);
  return found;
}

}  // namespace locksmith::credential
