// Each place where a credential can sit, once for reading over it and once for writing.
#include "probe/rewrite.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "http/url.hpp"

namespace locksmith::probe {
namespace {

using credential::Credential;
using credential::Place;

// Rewrites the pairs of a query or a Cookie header: `change` gets each pair's decoded name and
// gives the pair's new text, "" to drop it, nullopt to keep it.
std::string change_pairs(
    std::string_view text, char separator,
    const std::function<std::optional<std::string>(std::string_view name)>& change) {
  std::string out;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    const std::string_view pair = text.substr(start, end - start);
    const std::string_view trimmed = base::trim(pair);
    const auto changed =
        change(base::percent_decode(trimmed.substr(0, trimmed.find('=')), separator == '&'));
    const std::string kept = changed ? *changed : std::string(separator == ';' ? trimmed : pair);
    if (!kept.empty()) out.append(out.empty() ? "" : separator == ';' ? "; " : "&").append(kept);
    start = end + 1;
  }
  return out;
}

// "" for `secret` takes the pair out.
std::string with_pair(std::string_view text, char separator, std::string_view name,
                      std::string_view secret) {
  const std::string pair =
      secret.empty() ? ""
                     : std::string(name) + "=" +
                           (separator == '&' ? base::percent_encode(secret) : std::string(secret));
  return change_pairs(text, separator, [&](std::string_view n) -> std::optional<std::string> {
    if (!base::equals_ignoring_case(n, name)) return std::nullopt;
    return pair;
  });
}

std::string basic_value(std::string_view user, std::string_view password) {
  return base::base64_encode(std::string(user) + ":" + std::string(password));
}

// What stands in the header behind the scheme.
std::string presented(const Credential& credential, std::string_view secret) {
  if (!credential.basic) return std::string(secret);
  if (credential.basic->password.empty()) return basic_value(secret, "");
  return basic_value(credential.basic->user, secret);
}

template <class Change>
http::Request with_url(http::Request request, Change change) {
  http::Url url = http::parse_url(request.url);
  change(url);
  request.url = http::to_string(url);
  return request;
}

http::Request with_cookie(http::Request request, std::string_view name, std::string_view secret) {
  for (http::Header& header : request.headers) {
    if (base::equals_ignoring_case(header.name, "Cookie"))
      header.value = with_pair(header.value, ';', name, secret);
  }
  std::erase_if(request.headers, [](const http::Header& h) {
    return base::equals_ignoring_case(h.name, "Cookie") && h.value.empty();
  });
  return request;
}

std::string userinfo(const Credential& credential, std::string_view secret) {
  if (credential.basic && credential.basic->password.empty())
    return base::percent_encode(secret) + ":";
  return base::percent_encode(credential.basic ? credential.basic->user : "") + ":" +
         base::percent_encode(secret);
}

}  // namespace

std::optional<http::Request> without(http::Request request, const Credential& credential) {
  switch (credential.place) {
    case Place::header:
      request.headers.remove(credential.name);
      return request;
    case Place::cookie:
      return with_cookie(std::move(request), credential.name, "");
    case Place::query:
      return with_url(std::move(request), [&](http::Url& url) {
        url.query = with_pair(url.query, '&', credential.name, "");
      });
    case Place::userinfo:
      return with_url(std::move(request), [](http::Url& url) { url.userinfo.clear(); });
    case Place::path:
    case Place::body:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<http::Request> with_secret(http::Request request, const Credential& credential,
                                         std::string_view secret) {
  switch (credential.place) {
    case Place::header:
      for (http::Header& header : request.headers) {
        if (!base::equals_ignoring_case(header.name, credential.name) ||
            !header.value.ends_with(credential.value.reveal()))
          continue;
        header.value = header.value.substr(0, credential.offset) + presented(credential, secret);
      }
      return request;
    case Place::cookie:
      return with_cookie(std::move(request), credential.name, secret);
    case Place::query:
      return with_url(std::move(request), [&](http::Url& url) {
        url.query = with_pair(url.query, '&', credential.name, secret);
      });
    case Place::userinfo:
      return with_url(std::move(request),
                      [&](http::Url& url) { url.userinfo = userinfo(credential, secret); });
    case Place::path:
      return with_url(std::move(request), [&](http::Url& url) {
        const auto at = url.path.find(credential.name);
        if (at == std::string::npos) return;
        const std::size_t start = at + credential.name.size();
        const std::size_t end = std::min(url.path.find('/', start), url.path.size());
        url.path.replace(start, end - start, base::percent_encode(secret));
      });
    case Place::body:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<http::Request> with_placed(http::Request request,
                                         const catalogue::Placement& placement,
                                         std::string_view secret) {
  std::string value(secret);
  if (placement.basic_part == "user") value = basic_value(secret, "");
  if (placement.basic_part == "password") value = basic_value(placement.basic_user, secret);
  const std::string name(placement.name);
  switch (placement.place) {
    case Place::header:
      // "Bearer KEY", but "Token token=KEY"
      if (!placement.scheme.empty())
        value =
            std::string(placement.scheme) + (placement.scheme.ends_with('=') ? "" : " ") + value;
      request.headers.set(name, value);
      return request;
    case Place::cookie:
      request.headers.add("Cookie", name + "=" + value);
      return request;
    case Place::query:
      return with_url(std::move(request), [&](http::Url& url) {
        url.query += (url.query.empty() ? "" : "&") + name + "=" + base::percent_encode(value);
      });
    case Place::userinfo:
    case Place::path:
    case Place::body:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string random_like(std::string_view value, std::size_t kept, std::uint64_t seed) {
  const std::string_view rest = value.substr(std::min(kept, value.size()));
  const auto is = [](char c, char from, char to) { return c >= from && c <= to; };
  const auto only_hex = [&](char from) {  // a–f only: a 'g' would be refused for its look alone
    return std::ranges::none_of(rest, [&](char c) {
      return is(c, static_cast<char>(from + 6), static_cast<char>(from + 25));
    });
  };
  const unsigned lower = only_hex('a') ? 6 : 26, upper = only_hex('A') ? 6 : 26;
  std::string out(value);
  for (std::size_t i = value.size() - rest.size(); i < out.size(); ++i) {
    // splitmix64: https://prng.di.unimi.it/splitmix64.c
    std::uint64_t z = (seed += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    char& c = out[i];
    if (is(c, '0', '9'))
      c = static_cast<char>('0' + z % 10);
    else if (is(c, 'a', 'z'))
      c = static_cast<char>('a' + z % lower);
    else if (is(c, 'A', 'Z'))
      c = static_cast<char>('A' + z % upper);
  }
  return out;
}

}  // namespace locksmith::probe
