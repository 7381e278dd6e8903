// Tables of the words that names of secrets consist of, and of what people send in place of a key.
#include "credential/secret_names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::ranges::find(list, text) != list.end();
}

template <std::size_t N>
bool ends_with_any(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::ranges::any_of(list, [&](std::string_view end) { return text.ends_with(end); });
}

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::ranges::any_of(list, [&](std::string_view part) { return text.contains(part); });
}

// "X-Api-Key", "apiKey" and "API_KEY" are the same words, in lower case.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool inside = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool camel = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    if (!is_alnum(name[i])) {
      inside = false;
      continue;
    }
    if (!inside || camel) words.emplace_back();
    inside = true;
    words.back() += is_upper(name[i]) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return words;
}

// What a secret is called, at the end of a word: "authtoken", "dbpassword".
constexpr std::array<std::string_view, 10> kSecretEndings{
    "token",  "secret",  "password",  "passwd",    "passphrase",
    "apikey", "authkey", "secretkey", "accesskey", "privatekey"};
constexpr std::array<std::string_view, 12> kSecretWords{
    "pwd",           "pass",      "passcode", "credential", "credentials",     "jwt",
    "authorization", "signature", "sig",      "cookie",     "subscriptionkey", "hapikey"};
// "key" alone is used for much else; behind one of these it is a secret.
constexpr std::array<std::string_view, 26> kBeforeKey{
    "api",          "access",  "secret",       "private",    "auth",       "app",    "application",
    "subscription", "license", "signing",      "encryption", "master",     "admin",  "account",
    "client",       "service", "server",       "consumer",   "storage",    "shared", "function",
    "functions",    "webhook", "service_role", "deploy",     "integration"};
// What tells something about a secret rather than being one.
constexpr std::array<std::string_view, 32> kAboutLast{
    "id",       "ids",      "type",   "name",  "url",  "uri",    "endpoint", "email",
    "user",     "username", "file",   "path",  "dir",  "length", "size",     "ttl",
    "age",      "count",    "limit",  "usage", "host", "method", "version",  "enabled",
    "required", "valid",    "status", "at",    "in",   "issuer", "provider", "algorithm"};
constexpr std::array<std::string_view, 9> kAboutAnywhere{"expires", "expiration",  "expiry",
                                                         "scope",   "scopes",      "ratelimit",
                                                         "max",     "idempotency", "public"};
constexpr std::array<std::string_view, 14> kParameters{"key",
                                                       "code",
                                                       "appid",
                                                       "auth",
                                                       "session",
                                                       "sessionid",
                                                       "sid",
                                                       "awsaccesskeyid",
                                                       "x-amz-credential",
                                                       "x-goog-credential",
                                                       "token",
                                                       "pat",
                                                       "otp",
                                                       "se_sig"};

// Words that make up a name of a secret; "key" counts by itself where `any_key`.
Secrecy secrecy_of_words(const std::vector<std::string>& words, bool any_key) {
  if (words.empty()) return Secrecy::none;
  const bool one = words.size() == 1;
  if (!one && is_one_of(words.back(), kAboutLast)) return Secrecy::none;
  for (std::size_t i = 0; i < words.size(); ++i) {
    // NEXT_PUBLIC_API_KEY is what a framework calls a variable that may hold a real key.
    const bool public_half =
        words[i] == "public" && (i + 1 == words.size() || words[i + 1] == "key");
    if (words[i] == "public" ? public_half : is_one_of(words[i], kAboutAnywhere))
      return Secrecy::none;
  }
  Secrecy secrecy = Secrecy::none;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (ends_with_any(word, kSecretEndings) || is_one_of(word, kSecretWords)) return Secrecy::sure;
    if (word == "key" && (any_key || (i > 0 && is_one_of(words[i - 1], kBeforeKey))))
      return Secrecy::sure;
    if (word == "key" || word == "auth" || word == "session" || word == "pat")
      secrecy = Secrecy::maybe;
  }
  return secrecy;
}

Secrecy secrecy_of_header(std::string_view name) {
  const std::string lower = base::lower(name);
  // Standard fields that carry no credential, and what servers say about one.
  static constexpr std::array<std::string_view, 9> kExact{
      "authority",          "idempotency-key",     "www-authenticate",
      "proxy-authenticate", "authentication-info", "proxy-authentication-info",
      "surrogate-key",      "cache-key",           "x-cache-key"};
  static constexpr std::array<std::string_view, 6> kParts{"ratelimit", "rate-limit", "expir",
                                                          "scope",     "author-",    "idempoten"};
  static constexpr std::array<std::string_view, 6> kEndings{"-email", "-user",   "-username",
                                                            "-type",  "-method", "-id"};
  static constexpr std::array<std::string_view, 7> kSecret{
      "key", "token", "secret", "auth", "cookie", "password", "credential"};
  if (lower.starts_with(':') || lower.starts_with("access-control-") || lower.starts_with("sec-"))
    return Secrecy::none;
  if (is_one_of(lower, kExact) || contains_any(lower, kParts) || ends_with_any(lower, kEndings)) {
    return Secrecy::none;
  }
  if (contains_any(lower, kSecret) || lower.ends_with("signature")) return Secrecy::sure;
  return Secrecy::none;
}

// Words of which placeholders are made: "your-openai-api-key", "<insert token here>".
constexpr std::array<std::string_view, 46> kFillers{
    "your",   "my",      "the",      "a",           "an",       "api",     "key",      "keys",
    "apikey", "token",   "secret",   "access",      "client",   "id",      "here",     "goes",
    "insert", "replace", "with",     "placeholder", "changeme", "change",  "changeit", "me",
    "this",   "example", "sample",   "dummy",       "put",      "add",     "paste",    "enter",
    "todo",   "fixme",   "app",      "user",        "username", "private", "password", "passwd",
    "bearer", "auth",    "redacted", "removed",     "hidden",   "xxx"};

bool is_run_of(std::string_view word, std::string_view characters) {
  return !word.empty() && word.find_first_not_of(characters) == std::string_view::npos;
}

bool is_placeholder(std::string_view value) {
  const KnownPrefix prefix = known_prefix(value);
  if (prefix.text != "eyJ") value.remove_prefix(prefix.text.size());
  const std::vector<std::string> words = words_of(value);
  bool addresses_reader = false;
  std::size_t unknown = 0;
  for (const std::string& word : words) {
    addresses_reader = addresses_reader || word == "your" || word == "my";
    if (is_one_of(word, kFillers) || (word.size() >= 3 && is_run_of(word, "x"))) continue;
    if (std::ranges::any_of(word, is_digit)) return false;
    ++unknown;
  }
  if (words.size() == 1 && words[0].starts_with("your") && words[0].size() <= 24) return true;
  return !words.empty() && unknown <= (addresses_reader && words.size() >= 3 ? 1u : 0u);
}

// $NAME, ${NAME}, $(command), {{name}}, %NAME%, <name>, process.env.NAME: never filled in.
bool is_unexpanded(std::string_view value) {
  const auto enclosed = [&](std::string_view open, std::string_view close) {
    return value.size() > open.size() + close.size() && value.starts_with(open) &&
           value.ends_with(close);
  };
  if (enclosed("{{", "}}") || enclosed("#{", "}")) return true;
  if (value.starts_with("$(") || value.starts_with("${") || enclosed("process.env.", ""))
    return true;
  if ((enclosed("<", ">") || enclosed("[", "]")) && std::ranges::none_of(value, is_digit))
    return true;
  const auto is_name = [](std::string_view name) {
    return !name.empty() && !is_digit(name[0]) &&
           std::ranges::all_of(name, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
  };
  if (enclosed("%", "%") && is_name(value.substr(1, value.size() - 2))) return true;
  if (!value.starts_with('$')) return false;
  const std::string_view name = value.substr(value.starts_with("$env:") ? 5 : 1);
  return is_name(name) || secrecy_of(name, NameKind::member) != Secrecy::none;
}

// A run of stars, dots or bullets with little of the key around it.
bool is_masked(std::string_view value) {
  static constexpr std::array<std::string_view, 4> kMasks{"***", "...", "…", "••"};
  if (!contains_any(value, kMasks)) return false;
  const KnownPrefix prefix = known_prefix(value);
  value.remove_prefix(prefix.text.size());
  return std::ranges::count_if(value, is_alnum) <= 12;
}

}  // namespace

Secrecy secrecy_of(std::string_view name, NameKind kind) {
  if (kind == NameKind::header) return secrecy_of_header(name);
  if (kind == NameKind::parameter && is_one_of(base::lower(name), kParameters))
    return Secrecy::sure;
  const Secrecy secrecy = secrecy_of_words(words_of(name), kind == NameKind::variable);
  return kind == NameKind::variable && secrecy == Secrecy::maybe ? Secrecy::sure : secrecy;
}

bool is_password_name(std::string_view name) {
  return base::contains_ignoring_case(name, "pass") || base::contains_ignoring_case(name, "pwd");
}

bool is_no_secret(std::string_view value) {
  value = base::trim(value);
  static constexpr std::array<std::string_view, 9> kNullWords{
      "undefined", "null", "none", "nan", "nil", "true", "false", "[object object]", "-"};
  if (std::ranges::none_of(value,
                           [](char c) { return is_alnum(c) || static_cast<signed char>(c) < 0; })) {
    return true;  // nothing but punctuation
  }
  return is_one_of(base::lower(value), kNullWords) || is_unexpanded(value) || is_masked(value) ||
         is_placeholder(value);
}

}  // namespace locksmith::credential
