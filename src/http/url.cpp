#include "http/url.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

bool is_scheme(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

// RFC 3986 section 5.2.4
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  bool ends_in_directory = false;
  for (std::size_t start = 1; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    ends_in_directory = segment == "." || segment == "..";
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (segment != ".") {
      segments.push_back(segment);
    }
    start = end + 1;
  }
  std::string out;
  for (const std::string_view segment : segments) out.append("/").append(segment);
  if (ends_in_directory || out.empty()) out += '/';
  return out;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      if (glob_matches(pattern.substr(1), text.substr(n))) return true;
      if (n < text.size() && text[n] == '.') break;  // a '*' stays within its label
    }
    return false;
  }
  return !text.empty() && pattern.front() == text.front() &&
         glob_matches(pattern.substr(1), text.substr(1));
}

}  // namespace

int Url::port_number() const {
  int number = scheme == "https" ? 443 : 80;
  std::from_chars(port.data(), port.data() + port.size(), number);
  return number;
}

std::string Url::origin() const {
  const std::string shown = host.contains(':') ? "[" + host + "]" : host;
  const int number = port_number();
  const bool is_default = number == (scheme == "https" ? 443 : 80);
  return scheme + "://" + shown + (is_default ? "" : ":" + std::to_string(number));
}

std::string Url::target() const { return query.empty() ? path : path + "?" + query; }

Url parse_url(std::string_view text) {
  Url url;
  url.scheme = "http";
  if (const auto colon = text.find("://");
      colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    url.scheme = base::lower(text.substr(0, colon));
    text.remove_prefix(colon + 3);
  }
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    url.has_fragment = true;
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    url.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  const auto slash = text.find('/');
  std::string_view authority = text.substr(0, slash);
  url.path = slash == std::string_view::npos ? "/" : std::string(text.substr(slash));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    url.host =
        base::lower(authority.substr(1, close == std::string_view::npos ? close : close - 1));
    authority = close == std::string_view::npos ? std::string_view() : authority.substr(close + 1);
    if (authority.starts_with(':')) url.port = authority.substr(1);
  } else if (const auto colon = authority.rfind(':'); colon != std::string_view::npos) {
    url.host = base::lower(authority.substr(0, colon));
    url.port = authority.substr(colon + 1);
  } else {
    url.host = base::lower(authority);
  }
  return url;
}

std::string to_string(const Url& url) {
  std::string out = url.scheme + "://";
  if (!url.userinfo.empty()) out += url.userinfo + "@";
  out += url.host.contains(':') ? "[" + url.host + "]" : url.host;
  if (!url.port.empty()) out += ":" + url.port;
  out += url.target();
  if (url.has_fragment) out += "#" + url.fragment;
  return out;
}

std::string resolve_reference(const Url& base, std::string_view location) {
  if (const auto colon = location.find("://");
      colon != std::string_view::npos && is_scheme(location.substr(0, colon))) {
    return std::string(location);
  }
  if (location.starts_with("//")) return base.scheme + ":" + std::string(location);
  Url url = base;
  url.userinfo.clear();
  url.fragment.clear();
  url.has_fragment = false;
  if (const auto hash = location.find('#'); hash != std::string_view::npos)
    location = location.substr(0, hash);
  const auto mark = location.find('?');
  const std::string_view path = location.substr(0, mark);
  if (mark != std::string_view::npos) {
    url.query = location.substr(mark + 1);
  } else if (!path.empty()) {
    url.query.clear();
  }
  if (path.starts_with('/')) {
    url.path = remove_dot_segments(path);
  } else if (!path.empty()) {
    url.path =
        remove_dot_segments(base.path.substr(0, base.path.rfind('/') + 1) + std::string(path));
  }
  return to_string(url);
}

std::vector<QueryParameter> query_parameters(std::string_view query) {
  std::vector<QueryParameter> parameters;
  for (std::size_t start = 0; start < query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string_view pair = query.substr(start, end - start);
    const auto equals = pair.find('=');
    if (!pair.empty()) {
      parameters.push_back(
          {base::percent_decode(pair.substr(0, equals), true),
           equals == std::string_view::npos ? "" : std::string(pair.substr(equals + 1))});
    }
    start = end + 1;
  }
  return parameters;
}

bool host_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return glob_matches(pattern, host);
  for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1)) {
    if (dot > 0 && glob_matches(pattern.substr(2), host.substr(dot + 1))) return true;
  }
  return false;
}

bool is_loopback(std::string_view host) {
  // "127.0.0.1.example.com" is a name that anybody may own.
  const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         (numeric && host.starts_with("127."));
}

}  // namespace locksmith::http
