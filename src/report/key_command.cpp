// How a provider takes its keys, as a command to paste.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/known.hpp"

namespace locksmith::report {
namespace {

using credential::Place;

// For use within double quotes, where the shell still expands variables.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\\"$`").contains(c)) out += '\\';
    out += c;
  }
  return out;
}

std::string variable_named(std::string_view name) {
  std::string out = "$";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    out += letter || digit ? static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : '_';
  }
  return out;
}

// scheme://host to send to. What differs from customer to customer is written in capitals.
std::string origin(const catalogue::Provider& provider) {
  std::string_view host;
  for (const std::string_view candidate : provider.hosts) {
    if (host.empty() || (host.contains('*') && !candidate.contains('*'))) host = candidate;
  }
  if (host.empty()) {
    for (const std::string_view variable : provider.base_url_variables) {
      if (variable.contains("URL") || variable.contains("ADDR"))
        return fmt::format("${}", variable);
    }
    return "https://HOST";
  }
  const std::size_t star = host.find('*');
  if (star == host.npos) return fmt::format("https://{}", host);
  return fmt::format("https://{}YOURS{}", host.substr(0, star), host.substr(star + 1));
}

std::string url_of(const catalogue::Provider& provider, std::string_view path) {
  std::string base = origin(provider);
  return base.starts_with('$') ? base + quoted(path) : quoted(base + std::string(path));
}

void add_parameter(std::string& url, std::string_view name, std::string_view value) {
  url += fmt::format("{}{}={}", url.contains('?') ? '&' : '?', quoted(name), value);
}

// curl sends a User-Agent of its own.
bool goes_along(const catalogue::Companion& companion, std::string_view url) {
  return !base::equals_ignoring_case(companion.name, "User-Agent") &&
         (companion.when.empty() || url.contains(companion.when));
}

void add_companions(const catalogue::Provider& provider, std::string& url, std::string& options) {
  for (const catalogue::Companion& companion : provider.companions) {
    if (!goes_along(companion, url)) continue;
    const std::string value =
        companion.example.empty() ? variable_named(companion.name) : quoted(companion.example);
    if (companion.place == Place::header) {
      options += fmt::format(" -H \"{}: {}\"", quoted(companion.name), value);
    } else if (companion.place == Place::query) {
      add_parameter(url, companion.name, value);
    }
  }
}

}  // namespace

std::string key_command(const catalogue::Provider& provider,
                        const catalogue::Placement& placement) {
  const std::string key =
      provider.variables.empty() ? "$API_KEY" : fmt::format("${}", provider.variables.front());
  const std::string_view known = provider.whoami.url;
  std::string url = known.starts_with("https://") ? quoted(known)
                    : placement.place == Place::path
                        ? url_of(provider, placement.name) + key + "/"
                        : url_of(provider, known.empty() ? "/" : known);
  std::string options;
  if (!placement.basic_part.empty()) {
    const std::string user = placement.basic_user.empty() ? "USER" : quoted(placement.basic_user);
    options = placement.basic_part == "user" ? fmt::format(" -u \"{}:\"", key)
                                             : fmt::format(" -u \"{}:{}\"", user, key);
  } else if (placement.place == Place::header) {
    options = fmt::format(" -H \"{}: {}{}{}\"", quoted(placement.name), quoted(placement.scheme),
                          placement.scheme.empty() ? "" : " ", key);
  } else if (placement.place == Place::query) {
    add_parameter(url, placement.name, key);
  } else if (placement.place == Place::cookie) {
    options = fmt::format(" -b \"{}={}\"", quoted(placement.name), key);
  } else if (placement.place == Place::body) {
    options = fmt::format(" -d \"{}={}\"", quoted(placement.name), key);
  }
  add_companions(provider, url, options);
  return fmt::format("curl{} \"{}\"", options, url);
}

std::string where(const catalogue::Placement& placement) {
  if (!placement.basic_part.empty()) {
    const bool is_user = placement.basic_part == "user";
    std::string out = fmt::format("HTTP Basic, as the {}", is_user ? "user name" : "password");
    if (is_user) return out + ", with an empty password";
    return placement.basic_user.empty() ? out : fmt::format("{} of {}", out, placement.basic_user);
  }
  switch (placement.place) {
    case Place::header:
      return placement.scheme.empty()
                 ? fmt::format("header {}, the bare key", placement.name)
                 : fmt::format("header {}, scheme {}", placement.name, placement.scheme);
    case Place::path:
      return fmt::format("path, right behind {}", placement.name);
    default:
      return fmt::format("{} {}", credential::to_string(placement.place), placement.name);
  }
}

}  // namespace locksmith::report
