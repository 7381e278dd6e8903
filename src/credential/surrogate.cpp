// A surrogate is the secret with each letter and digit replaced by another of its class, drawn from
// SHA-256 of seed and secret; and then whatever structure the secret had is put right.
#include "credential/surrogate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "credential/escaped.hpp"
#include "credential/scramble.hpp"
#include "credential/secret_names.hpp"

namespace locksmith::credential {
namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A prefix that nobody has listed: words up to the last _ - . : of the first 12 characters. A part
// with digits, such as the first group of a UUID, is a prefix only if it is as short as "v1" or
// "eu1".
std::size_t guessed_prefix(std::string_view secret) {
  std::size_t end = 0;
  for (std::size_t i = 0, start = 0; i < std::min<std::size_t>(secret.size(), 12); ++i) {
    if (!std::string_view("_-.:").contains(secret[i])) continue;
    const std::string_view part = secret.substr(start, i - start);
    const bool has_digit = std::ranges::any_of(part, is_digit);
    if (!std::ranges::all_of(part, is_alnum) || part.size() > (has_digit ? 3u : 8u)) break;
    end = start = i + 1;
  }
  return end * 3 <= secret.size() ? end : 0;
}

// Telegram's bot id and Discord's user id, in base64, are public and open the token.
// https://core.telegram.org/bots/api#authorizing-your-bot
// https://discord.com/developers/docs/reference#authentication
std::size_t id_prefix(std::string_view secret) {
  const std::size_t colon = secret.find(':');
  if (colon != std::string_view::npos && colon >= 6 && colon <= 12 &&
      std::ranges::all_of(secret.substr(0, colon), is_digit)) {
    return secret.substr(colon + 1).starts_with("AA") ? colon + 3 : colon + 1;
  }
  const std::size_t dot = secret.find('.');
  if (dot == std::string_view::npos || dot < 22 || dot > 30) return 0;
  const auto id = base::base64_decode(secret.substr(0, dot));
  return id && id->size() >= 16 && std::ranges::all_of(*id, is_digit) ? dot + 1 : 0;
}

// What some vendors write between prefix and secret: letters and two digits, "oat01-".
std::size_t version_part(std::string_view text) {
  const std::size_t dash = text.substr(0, 9).find('-');
  if (dash == std::string_view::npos || dash < 4) return 0;
  const std::string_view letters = text.substr(0, dash - 2), digits = text.substr(dash - 2, 2);
  const bool fits = std::ranges::all_of(letters, [](char c) { return c >= 'a' && c <= 'z'; }) &&
                    std::ranges::all_of(digits, is_digit);
  return fits ? dash + 1 : 0;
}

// A tag behind the last colon says which plan or environment the key is for: DeepL's ":fx".
std::size_t kept_tag(std::string_view secret) {
  const std::size_t colon = secret.rfind(':');
  if (colon == std::string_view::npos || colon < 16 || secret.size() - colon > 5) return 0;
  const bool letters =
      std::ranges::all_of(secret.substr(colon + 1), [](char c) { return c >= 'a' && c <= 'z'; });
  return letters ? secret.size() - colon : 0;
}

std::size_t kept_prefix(std::string_view secret, SecretKind kind) {
  const std::size_t known = known_prefix(secret).text.size();
  const std::size_t listed = known < secret.size() ? known + version_part(secret.substr(known)) : 0;
  if (kind == SecretKind::password || listed > 0) return listed;
  // The organization's id prefix of Salesforce session ids, 00D…!AQ…
  if (secret.starts_with("00D") && secret.contains('!')) return 3;
  return std::max(id_prefix(secret), guessed_prefix(secret));
}

std::string base62_checksum(std::string_view text) {
  std::string digits(6, '0');
  std::uint32_t crc = base::crc32(text);
  for (std::size_t i = digits.size(); i-- > 0; crc /= 62) digits[i] = kBase62[crc % 62];
  return digits;
}

// What a checksum covers starts behind the last '_'.
std::size_t checksum_start(std::string_view secret) { return secret.rfind('_') + 1; }

std::string plain_surrogate(std::string_view secret, Dice& dice, SecretKind kind) {
  const std::size_t prefix = kept_prefix(secret, kind);
  const std::string_view random = secret.substr(prefix, secret.size() - prefix - kept_tag(secret));
  std::string out = std::string(secret.substr(0, prefix)) + scramble(random, dice);
  out += secret.substr(out.size());
  // Parts that every key of a vendor has: "OpenAI" in base64, Salesforce's session, Anthropic's
  // end.
  for (const std::string_view mark : {"T3BlbkFJ", "!AQ"}) {
    const std::size_t at = secret.find(mark);
    if (at != std::string_view::npos && at >= prefix) out.replace(at, mark.size(), mark);
  }
  if (secret.starts_with("sk-ant-") && secret.ends_with("AA")) out.replace(out.size() - 2, 2, "AA");
  if (ends_in_checksum(secret)) {
    const std::size_t start = checksum_start(secret);
    out.replace(out.size() - 6, 6, base62_checksum(out.substr(start, out.size() - 6 - start)));
  }
  return out;
}

// Spans of the string values and numbers of JSON's members whose names are in `names`.
template <std::size_t N>
std::vector<std::pair<std::size_t, std::size_t>> member_values(
    std::string_view json, const std::array<std::string_view, N>& names) {
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  const auto string_end = [&](std::size_t open) {
    for (std::size_t i = open + 1; i < json.size(); ++i) {
      if (json[i] == '\\')
        ++i;
      else if (json[i] == '"')
        return i;
    }
    return json.size();
  };
  for (std::size_t i = json.find('"'); i < json.size(); i = json.find('"', i)) {
    const std::size_t end = string_end(i);
    const std::string_view name = json.substr(i + 1, end - std::min(end, i + 1));
    i = std::min(end + 1, json.size());
    std::size_t value = json.find_first_not_of(" \t\r\n", i);
    if (value == std::string_view::npos || json[value] != ':') continue;
    value = std::min(json.find_first_not_of(" \t\r\n", value + 1), json.size());
    if (std::ranges::find(names, name) == names.end() || value == json.size()) continue;
    if (json[value] == '"') {
      const std::size_t close = string_end(value);
      spans.emplace_back(value + 1, close - value - 1);
      i = std::min(close + 1, json.size());
    } else if (is_digit(json[value])) {
      spans.emplace_back(
          value, std::min(json.find_first_not_of("0123456789", value), json.size()) - value);
    }
  }
  return spans;
}

std::string base64url_encode(std::string_view bytes) {
  std::string out = base::base64_encode(bytes);
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

// The claims of a token that say who its bearer is (OpenID Connect Core section 5.1, RFC 7519
// section 4.1, Microsoft's id-token-claims-reference). What a diagnosis needs stays: exp, nbf, iat,
// aud, iss, scope.
constexpr std::array<std::string_view, 27> kPersonalClaims{
    "sub",         "email",        "name",     "given_name",
    "family_name", "middle_name",  "nickname", "preferred_username",
    "unique_name", "upn",          "profile",  "picture",
    "website",     "phone_number", "address",  "birthdate",
    "jti",         "sid",          "nonce",    "at_hash",
    "c_hash",      "oid",          "uti",      "rh",
    "ipaddr",      "uid",          "username"};

std::optional<std::string> jwt_surrogate(std::string_view token, Dice& dice) {
  const std::size_t first = token.find('.');
  if (!token.starts_with("eyJ") || first == std::string_view::npos) return {};
  const std::size_t second = std::min(token.find('.', first + 1), token.size());
  const std::string_view header = token.substr(0, first + 1);
  const std::string_view payload = token.substr(first + 1, second - first - 1);
  const auto decoded = base::base64url_decode(payload);
  if (!decoded || !decoded->starts_with('{') || base64url_encode(*decoded) != payload) return {};
  std::string claims = *decoded;
  for (const auto& [offset, size] : member_values(*decoded, kPersonalClaims)) {
    const std::string_view value = std::string_view(*decoded).substr(offset, size);
    std::string other = scramble(value, dice);
    for (std::size_t i = 0; i < size; i += unit_at(value, i).size) {  // an escape stays one
      const std::size_t escape = unit_at(value, i).size;
      if (escape > 1) other.replace(i, escape, value.substr(i, escape));
    }
    claims.replace(offset, size, other);
  }
  return std::string(header) + base64url_encode(claims) + scramble(token.substr(second), dice);
}

// A secret that was encoded before it was sent: its surrogate is that of the secret, encoded.
std::optional<std::string> encoded_surrogate(std::string_view secret, std::uint64_t seed,
                                             SecretKind kind) {
  const std::optional<std::string> inner = text_in_base64(secret);
  if (!inner) return {};
  return base::base64_encode(make_surrogate(*inner, seed, kind));
}

std::string surrogate_of_clean(std::string_view secret, std::uint64_t seed, SecretKind kind) {
  Dice dice(seed, secret);
  if (auto token = jwt_surrogate(secret, dice)) return *std::move(token);
  if (auto encoded = encoded_surrogate(secret, seed, kind)) return *std::move(encoded);
  std::string out = plain_surrogate(secret, dice, kind);
  // By chance a short secret may come out as itself, or a broken checksum as a right one.
  for (int tries = 0; tries < 8; ++tries) {
    if (out != secret && ends_in_checksum(out) == ends_in_checksum(secret)) break;
    out = plain_surrogate(secret, dice, kind);
  }
  return out;
}

}  // namespace

std::size_t defect_at(std::string_view text, std::size_t offset) {
  const base::CodePoint point = base::code_point_at(text, offset);
  const char32_t c = point.value;
  if (!point.valid) return 0;
  const bool ascii = c <= 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '`';
  const bool invisible = (c >= 0x80 && c <= 0xa0) || c == 0xad || c == 0xfeff || c == 0x3000 ||
                         c == 0x202f || (c >= 0x2000 && c <= 0x200f) ||
                         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f);
  const bool quote =
      (c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb || c == 0x2039 || c == 0x203a;
  return ascii || invisible || quote ? point.size : 0;
}

std::string_view trim_defects(std::string_view text) {
  std::size_t start = 0, end = 0;
  while (start < text.size() && defect_at(text, start) > 0) start += defect_at(text, start);
  for (std::size_t i = start; i < text.size();) {
    const std::size_t defect = defect_at(text, i);
    i += defect > 0 ? defect : base::code_point_at(text, i).size;
    if (defect == 0) end = i;
  }
  return end > start ? text.substr(start, end - start) : std::string_view();
}

std::string without_defects(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t defect = defect_at(text, i);
    if (defect == 0) out += text[i];
    i += std::max<std::size_t>(defect, 1);
  }
  return out;
}

bool ends_in_checksum(std::string_view secret) {
  secret.remove_prefix(checksum_start(secret));
  if (secret.size() < 12 || !std::ranges::all_of(secret, is_alnum)) return false;
  return base62_checksum(secret.substr(0, secret.size() - 6)) == secret.substr(secret.size() - 6);
}

std::optional<std::string> text_in_base64(std::string_view text) {
  std::optional<std::string> inner = base::base64_decode(text);
  if (!inner || inner->size() < 6 || base::base64_encode(*inner) != text) return {};
  const std::string_view line = base::trim(*inner);
  const bool printable = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
  return printable && !line.empty() ? inner : std::nullopt;
}

std::string make_surrogate(std::string_view secret, std::uint64_t seed, SecretKind kind) {
  const std::string surrogate = surrogate_of_clean(without_defects(secret), seed, kind);
  std::string out(secret);
  for (std::size_t i = 0, next = 0; i < secret.size();) {
    const std::size_t defect = defect_at(secret, i);
    if (defect == 0) out[i] = surrogate[next++];
    i += std::max<std::size_t>(defect, 1);
  }
  return out;
}

}  // namespace locksmith::credential
