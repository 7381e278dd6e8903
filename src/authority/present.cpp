#include "authority/present.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::authority {
namespace {

using Kind = Placement::Kind;

// Where keys are often sent by those who did not read where this API wants them.
constexpr std::array<std::string_view, 8> usual_headers{
    "authorization", "x-api-key",    "api-key",        "apikey",
    "x-apikey",      "x-auth-token", "x-access-token", "x-token"};
constexpr std::array<std::string_view, 5> usual_parameters{"api_key", "apikey", "api-key",
                                                           "access_token", "key"};

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char different = static_cast<char>(a[i] ^ b[i]);
    const char letter = static_cast<char>(a[i] | 0x20);
    if (different != 0 && (different != 0x20 || letter < 'a' || letter > 'z')) return false;
  }
  return true;
}

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == target.npos ? std::string_view{} : target.substr(mark + 1);
}

// Calls with name and value of each pair of a query ('&') or a Cookie field (';').
template <class F>
void each_pair(std::string_view text, char separator, F f) {
  while (!text.empty()) {
    std::string_view pair = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    while (separator == ';' && pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    f(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
}

// What stands behind "Bearer " (RFC 9110 section 11.4); nullopt when it is another scheme.
std::optional<std::string_view> behind_scheme(std::string_view value, std::string_view scheme) {
  if (scheme.empty()) return value;
  if (!same_name(value.substr(0, scheme.size()), scheme)) return {};
  value.remove_prefix(scheme.size());
  if (!value.empty() && value.front() != ' ') return {};
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

Presented::Coding coding_of(Kind kind) {
  switch (kind) {
    case Kind::query:
      return Presented::Coding::percent;
    case Kind::basic_user:
      return Presented::Coding::basic_user;
    case Kind::basic_password:
      return Presented::Coding::basic_password;
    default:
      return Presented::Coding::plain;
  }
}

std::string_view name_of(const Placement& placement) {
  const bool basic = placement.kind == Kind::basic_user || placement.kind == Kind::basic_password;
  return basic ? std::string_view("authorization") : std::string_view(placement.name);
}
std::string_view scheme_of(const Placement& placement) {
  const bool basic = placement.kind == Kind::basic_user || placement.kind == Kind::basic_password;
  return basic ? std::string_view("Basic") : std::string_view(placement.scheme);
}

class Finding {
 public:
  Finding(const Policy& policy, const Request& request) : policy_(policy), request_(request) {}

  Found run() {
    for (const Field& field : request_.headers) look_at(field);
    look_at_query();
    if (found_.cause == Cause::missing) look_elsewhere();
    return found_;
  }

 private:
  void look_at(const Field& field) {
    bool wanted = false;
    for (const Placement& placement : policy_.placements) {
      if (placement.kind == Kind::query) continue;
      if (placement.kind == Kind::cookie) {
        if (same_name(field.name, "cookie")) look_at_cookies(field.value, placement.name);
        continue;
      }
      if (!same_name(field.name, name_of(placement))) continue;
      if (const auto key = behind_scheme(field.value, scheme_of(placement)))
        return candidate({field.name, placement.kind, *key, coding_of(placement.kind)});
      wanted = true;
    }
    if (wanted && found_.cause == Cause::missing) {
      const std::size_t space = field.value.find(' ');
      found_ = {Cause::wrong_scheme,
                {field.name, Kind::header,
                 space == field.value.npos ? field.value : field.value.substr(space + 1)}};
      if (field.value.empty()) found_.cause = Cause::env_unset;
    }
  }

  void look_at_cookies(std::string_view cookies, std::string_view wanted) {
    each_pair(cookies, ';', [&](std::string_view name, std::string_view value) {
      if (name != wanted) return;
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);  // RFC 6265 section 4.1.1
      candidate({name, Kind::cookie, value});
    });
  }

  void look_at_query() {
    for (const Placement& placement : policy_.placements) {
      if (placement.kind != Kind::query) continue;
      each_pair(query_of(request_.target), '&', [&](std::string_view name, std::string_view value) {
        if (name == placement.name)
          candidate({name, Kind::query, value, Presented::Coding::percent});
      });
    }
  }

  // The same key twice is one key; an empty place counts only when there is no other.
  void candidate(const Presented& presented) {
    if (presented.key.empty()) {
      if (found_.cause == Cause::missing) found_ = {Cause::env_unset, presented};
      return;
    }
    if (found_.cause == Cause::conflicting_credentials) return;
    if (found_.cause == Cause::none && found_.presented.key != presented.key)
      found_.cause = Cause::conflicting_credentials;
    else if (found_.cause != Cause::none)
      found_ = {Cause::none, presented};
  }

  bool is_ours(std::string_view value) const {
    return std::ranges::any_of(policy_.environments, [&](const Environment& environment) {
      return !environment.prefix.empty() && value.find(environment.prefix) != value.npos;
    });
  }

  // Only when there is nothing where it should be.
  void look_elsewhere() {
    const auto seen = [&](const Presented& presented) {
      if (found_.cause == Cause::missing) found_ = {Cause::wrong_header, presented};
    };
    for (const Field& field : request_.headers) {
      if (!field.value.empty() && (is_ours(field.value) || is_usual(field.name, usual_headers)))
        seen({field.name, Kind::header, field.value});
    }
    each_pair(query_of(request_.target), '&', [&](std::string_view name, std::string_view value) {
      if (!value.empty() && (is_ours(value) || is_usual(name, usual_parameters)))
        seen({name, Kind::query, value, Presented::Coding::percent});
    });
  }

  static bool is_usual(std::string_view name, std::span<const std::string_view> usual) {
    return std::ranges::any_of(usual, [&](std::string_view each) { return same_name(name, each); });
  }

  const Policy& policy_;
  const Request& request_;
  Found found_{Cause::missing, {}};
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// '+' stays: no key holds a space, and a base64 key's plus is often sent as it is.
std::string_view percent_decoded(std::string_view text, KeyBuffer& buffer) {
  if (text.find('%') == text.npos) return text;
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      c = static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    }
    buffer[size++] = c;
  }
  return {buffer.data(), size};
}

std::optional<std::string_view> basic_part(std::string_view text, bool user, KeyBuffer& buffer) {
  const auto pair = base::base64_decode(text);
  if (!pair) return {};
  const std::size_t colon = std::min(pair->find(':'), pair->size());
  const std::string_view part =
      user ? std::string_view(*pair).substr(0, colon)
           : std::string_view(*pair).substr(std::min(colon + 1, pair->size()));
  std::ranges::copy(part, buffer.begin());
  return std::string_view(buffer.data(), part.size());
}

}  // namespace

Found find_credential(const Policy& policy, const Request& request) {
  return Finding(policy, request).run();
}

std::optional<std::string_view> decoded_key(const Presented& presented, KeyBuffer& buffer) {
  if (presented.key.size() > buffer.size()) return {};
  std::optional<std::string_view> key = presented.key;
  switch (presented.coding) {
    case Presented::Coding::plain:
      break;
    case Presented::Coding::percent:
      key = percent_decoded(presented.key, buffer);
      break;
    case Presented::Coding::basic_user:
    case Presented::Coding::basic_password:
      key = basic_part(presented.key, presented.coding == Presented::Coding::basic_user, buffer);
      break;
  }
  if (key && key->size() > max_key_size) return {};
  return key;
}

std::string place_text(const Presented& presented) {
  if (presented.place.empty()) return {};
  const std::string name = base::printable(presented.place.substr(0, 64));
  switch (presented.kind) {
    case Kind::query:
      return fmt::format("in the query parameter {}", name);
    case Kind::cookie:
      return fmt::format("in the cookie {}", name);
    default:
      return fmt::format("in the {} header", name);
  }
}

std::string place_text(const Placement& placement) {
  switch (placement.kind) {
    case Kind::query:
      return fmt::format("in the query parameter {}", placement.name);
    case Kind::cookie:
      return fmt::format("in the cookie {}", placement.name);
    case Kind::basic_user:
      return "as the user name of Authorization: Basic";
    case Kind::basic_password:
      return "as the password of Authorization: Basic";
    case Kind::header:
      break;
  }
  if (placement.scheme.empty()) return fmt::format("in the {} header", placement.name);
  return fmt::format("as \"{}: {} KEY\"", placement.name, placement.scheme);
}

}  // namespace locksmith::authority
