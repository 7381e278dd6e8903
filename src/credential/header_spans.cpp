// Secrets in places with a syntax of their own: header fields, cookies, URLs.
#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "base/text.hpp"
#include "credential/credential.hpp"
#include "credential/escaped.hpp"
#include "credential/scheme_words.hpp"
#include "credential/secret_names.hpp"
#include "credential/secret_spans.hpp"

namespace locksmith::credential {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Authentication schemes: IANA's registry (https://www.iana.org/assignments/http-authschemes) and
// those that vendors made up. `parameters`: what follows is a list of name=value.
struct Scheme {
  std::string_view name;
  bool parameters = false;
};
constexpr auto kSchemes = std::to_array<Scheme>({
    {"bearer"},
    {"basic"},
    {"token"},
    {"bot"},
    {"apikey"},
    {"api-key"},
    {"key"},
    {"ssws"},
    {"geniekey"},
    {"negotiate"},
    {"ntlm"},
    {"jwt"},
    {"sso-key"},
    {"zoho-oauthtoken"},
    {"klaviyo-api-key"},
    {"deepl-auth-key"},
    {"client-id"},
    {"splunk"},
    {"aws"},
    {"sharedkey"},
    {"sharedkeylite"},
    {"dpop"},
    {"digest", true},
    {"oauth", true},
    {"hawk", true},
    {"mac", true},
    {"signature", true},
    {"aws4-hmac-sha256", true},
    {"googlelogin", true},
    {"mauth", true},
    {"acs4-hmac-sha256", true},
});
// Their secret parameters, besides those that any parameter list calls so. Digest's `response`: RFC
// 7616; OAuth 1: RFC 5849; Credential and Signature: AWS Signature Version 4.
constexpr std::array<std::string_view, 9> kParameters{
    "response", "credential", "signature", "oauth_signature", "oauth_token", "oauth_consumer_key",
    "mac",      "auth",       "token"};

std::size_t skip_white_space(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

// The first word, when it is a scheme or at least looks like one ("Splunk", "Custom-Key").
const Scheme* leading_scheme(std::string_view word) {
  static constexpr Scheme kUnlisted{"", false};
  const auto hit = std::ranges::find_if(
      kSchemes, [&](const Scheme& s) { return base::equals_ignoring_case(s.name, word); });
  if (hit != kSchemes.end()) return &*hit;
  return written_like_scheme(word) ? &kUnlisted : nullptr;
}

// The secret values of `name=value, name="value"`; none when no name is a secret's.
SecretSpans spans_in_parameters(std::string_view text, std::size_t at) {
  SecretSpans spans;
  while (at < text.size()) {
    const std::size_t name = std::min(text.find_first_not_of(" \t,;\"'", at), text.size());
    const std::size_t equals = text.find_first_of("=,;", name);
    if (equals == npos) break;
    at = equals + 1;
    if (text[equals] != '=') continue;
    const std::size_t value = at + (at < text.size() && text[at] == '"');
    std::size_t end = std::min(text.find_first_of(value > at ? "\"" : ",; ", value), text.size());
    at = end;
    const std::string lower = base::lower(text.substr(name, equals - name));
    const bool listed = std::ranges::find(kParameters, lower) != kParameters.end();
    if (!listed && secrecy_of(lower, NameKind::variable) != Secrecy::sure) continue;
    // Behind the access key id follows its scope: date/region/service/aws4_request.
    if (lower == "credential") end = std::min(text.find('/', value), end);
    spans.push_back({value, end - value, SecretKind::key, false});
  }
  return spans;
}

// What a header or a variable holds: scheme and secret, or the secret alone.
SecretSpans spans_in_credential(std::string_view value, SecretKind kind) {
  std::size_t at = 0;
  bool parameters = false, basic = false;
  // A loop, because a scheme, or the header's name, may have been written twice.
  while (kind == SecretKind::key) {
    std::size_t start = skip_white_space(value, at);
    const std::size_t end = value.find_first_of(" \t", start);
    const bool quoted = start < value.size() && (value[start] == '"' || value[start] == '\'');
    if (quoted) ++start;
    if (end == npos || end < start) break;
    std::string_view word = value.substr(start, end - start);
    if (word.ends_with(':')) word.remove_suffix(1);
    const Scheme* scheme = leading_scheme(word);
    if (!scheme || skip_white_space(value, end) == value.size()) break;
    parameters = scheme->parameters;
    basic = scheme->name == "basic";
    at = end;
  }
  at = skip_white_space(value, at);
  if (at == value.size()) return {};
  const std::size_t equals = value.find('=', at);
  const bool assignment =
      equals != npos && equals > at && equals + 1 < value.size() && value[equals + 1] != '=' &&
      std::ranges::all_of(value.substr(at, equals - at),
                          [](char c) { return is_letter(c) || c == '_' || c == '-'; });
  if (!basic && kind == SecretKind::key && (parameters || assignment)) {
    if (SecretSpans spans = spans_in_parameters(value, at); !spans.empty()) return spans;
  }
  return {{at, value.size() - at, kind, basic}};
}

SecretSpans spans_in_cookies(std::string_view value, bool only_first) {
  SecretSpans spans;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t end = std::min(value.find(';', at), value.size());
    const std::size_t equals = value.find('=', at);
    const std::size_t start = equals < end ? equals + 1 : at;
    spans.push_back({start, end - start, SecretKind::key, false});
    if (only_first) break;
    at = end + 1;
  }
  return spans;
}

// Places within a path: what stands before the secret, and the character that the secret ends at.
// https://core.telegram.org/bots/api#making-requests (/bot<token>/method),
// https://discord.com/developers/docs/resources/webhook (/webhooks/<id>/<token>),
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// (/services/T/B/<secret>)
void add_path_spans(std::string_view path, std::size_t offset, SecretSpans& spans) {
  if (const auto key = key_behind_version(path))
    spans.push_back({offset + key->first, key->second, SecretKind::key, false});
  const auto add = [&](std::size_t from) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    if (from < end) spans.push_back({offset + from, end - from, SecretKind::key, false});
  };
  const auto segments_behind = [&](std::string_view mark, int count) {
    std::size_t at = path.find(mark);
    if (at == npos) return;
    for (at += mark.size(); count > 0 && at != npos; --count) {
      at = path.find('/', at);
      if (at != npos) ++at;
    }
    if (at != npos) add(at);
  };
  if (const std::size_t bot = path.find("/bot"); bot != npos) {
    const std::size_t end = std::min(path.find('/', bot + 1), path.size());
    std::size_t id = path.find_first_of("0123456789", bot);
    // "%20" may stand before the id; its digits are none of it.
    while (id < end && path[id - 1] == '%') id = path.find_first_of("0123456789", id + 2);
    if (id < end && path.substr(id, end - id).contains(':')) add(id);
  }
  segments_behind("/webhooks/", 1);
  segments_behind("/services/T", 2);
}

}  // namespace

SecretSpans spans_in_header(std::string_view name, std::string_view value) {
  const std::string lower = base::lower(name);
  if (lower == "cookie") return spans_in_cookies(value, false);
  if (lower == "set-cookie") return spans_in_cookies(value, true);
  if (secrecy_of(name, NameKind::header) == Secrecy::sure) {
    return spans_in_credential(value,
                               is_password_name(name) ? SecretKind::password : SecretKind::key);
  }
  return spans_in_text(value, TextKind::answer);
}

SecretSpans spans_in_variable(std::string_view name, std::string_view value) {
  if (secrecy_of(name, NameKind::variable) == Secrecy::sure) {
    return spans_in_credential(value,
                               is_password_name(name) ? SecretKind::password : SecretKind::key);
  }
  return spans_in_text(value, TextKind::answer);
}

SecretSpans spans_in_url(std::string_view url) {
  SecretSpans spans;
  const std::size_t scheme = url.find("://");
  const std::size_t authority = scheme == npos ? 0 : scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?#", authority), url.size());
  const std::string_view host = url.substr(authority, path - authority);
  if (const std::size_t at = host.rfind('@'); at != npos) {
    const std::size_t colon = host.substr(0, at).find(':');
    const bool both = colon != npos && colon + 1 < at;
    const std::size_t start = both ? colon + 1 : 0;
    const std::size_t end = both || colon == npos ? at : colon;
    // A user name alone may be just that; a key as user name looks like one.
    if (both || looks_random(host.substr(0, end))) {
      spans.push_back(
          {authority + start, end - start, both ? SecretKind::password : SecretKind::key, false});
    }
  }
  const std::size_t query = std::min(url.find_first_of("?#", path), url.size());
  add_path_spans(url.substr(path, query - path), path, spans);
  for (std::size_t at = query; at < url.size();) {
    const std::size_t name = at + 1;
    const std::size_t end = std::min(url.find_first_of("&?#", name), url.size());
    const std::size_t equals = std::min(url.find('=', name), end);
    at = end;
    if (equals == end) continue;
    const std::string called = unescape(url.substr(name, equals - name));
    const std::string_view value = url.substr(equals + 1, end - equals - 1);
    std::size_t size = value.size();
    if (base::lower(called).ends_with("-credential")) {  // X-Amz-Credential=id/date/…
      size = std::min({value.find('/'), value.find("%2F"), value.find("%2f"), size});
    }
    // Random values under other names are cursors and dates more often than keys.
    const KnownPrefix prefix = known_prefix(value);
    const bool key = !prefix.text.empty() && size >= prefix.text.size() + prefix.min_rest;
    if (key || secrecy_of(called, NameKind::parameter) == Secrecy::sure) {
      const SecretKind kind = is_password_name(called) ? SecretKind::password : SecretKind::key;
      // "Bearer%20…" stands in some
      const std::string_view scheme_word = value.starts_with("Bearer%20") ? "Bearer%20" : "";
      const std::size_t skipped = scheme_word.size();
      spans.push_back({equals + 1 + skipped, size - skipped, kind, false});
    }
  }
  return merged(std::move(spans));
}

SecretSpans merged(SecretSpans spans) {
  std::erase_if(spans, [](const SecretSpan& span) { return span.size == 0; });
  std::ranges::sort(spans, [](const SecretSpan& a, const SecretSpan& b) {
    return std::tuple(a.offset, b.size, b.basic, a.kind) <
           std::tuple(b.offset, a.size, a.basic, b.kind);
  });
  SecretSpans kept;
  for (const SecretSpan& span : spans) {
    if (kept.empty() || span.offset >= kept.back().offset + kept.back().size) kept.push_back(span);
  }
  return kept;
}

}  // namespace locksmith::credential
