// Each facet of a request is read, removed and written back here, so that a mixture is exact.
#include "compare/draft.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::compare {
namespace {

using base::equals_ignoring_case;
using credential::Credential;
using credential::Place;
using What = Facet::What;

// Stands in a path where the key was taken out; no URL holds it.
constexpr char key_mark = '\x01';

// curl sends a login of the URL as Basic, unless the command names an Authorization of its own.
http::Request without_userinfo(http::Request request) {
  http::Url url = http::parse_url(request.url);
  if (url.userinfo.empty()) return request;
  if (!request.headers.has("Authorization")) {
    std::string login = base::percent_decode(url.userinfo);
    if (!login.contains(':')) login += ':';
    request.headers.insert(request.headers.begin(),
                           {"Authorization", "Basic " + base::base64_encode(login)});
  }
  url.userinfo.clear();
  request.url = http::to_string(url);
  return request;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : separator).append(part);
  return out;
}

bool is_at(const Credential& credential, const Key& key) {
  return credential.place == key.place && equals_ignoring_case(credential.name, key.name);
}

const Credential* choose(const std::vector<Credential>& found, const Credential* meant,
                         const Key* like) {
  if (!like) return meant;
  for (const Credential& credential : found) {
    if (is_at(credential, *like)) return &credential;
  }
  for (const Credential& credential : found) {
    if (credential.secret() == like->secret.reveal() && !credential.secret().empty())
      return &credential;
  }
  return meant;
}

Key key_of(const Credential& credential) {
  Key key{.place = credential.place, .name = credential.name, .scheme = credential.scheme};
  key.secret = base::Secret(credential.secret());
  if (!credential.basic) return key;
  const credential::Basic& basic = *credential.basic;
  if (!basic.valid_base64 || !basic.has_colon) {
    key.form = Key::Form::raw;
    key.secret = credential.value;
  } else {
    key.form = basic.password.empty() ? Key::Form::user : Key::Form::password;
    if (key.form == Key::Form::password) key.user = basic.user;
  }
  return key;
}

// Takes the key out of where it stands; false: it cannot be told from what is around it.
bool extract(Draft& draft, Key& key, const Credential& credential) {
  const std::string& value = credential.value.reveal();
  switch (key.place) {
    case Place::header: {
      const auto header = std::ranges::find_if(draft.headers, [&](const http::Header& h) {
        return h.name == key.name && h.value.ends_with(value) &&
               h.value.size() == credential.offset + value.size();
      });
      if (header == draft.headers.end()) return false;
      key.prefix = header->value.substr(0, credential.offset);
      draft.headers.erase(header);
      return true;
    }
    case Place::query: {
      const auto parameter = std::ranges::find_if(draft.parameters, [&](const std::string& p) {
        const auto equals = p.find('=');
        return parameter_name(p) == key.name && equals != p.npos &&
               base::percent_decode(p.substr(equals + 1), true) == value;
      });
      if (parameter == draft.parameters.end()) return false;
      key.written = base::Secret(parameter->substr(parameter->find('=') + 1));
      draft.parameters.erase(parameter);
      return true;
    }
    case Place::cookie:
      for (http::Header& header : draft.headers) {
        if (!equals_ignoring_case(header.name, "Cookie")) continue;
        auto cookies = split(header.value, ';');
        for (std::string& cookie : cookies) cookie = base::trim(cookie);
        if (std::erase(cookies, key.name + "=" + value) == 0) continue;
        header.value = join(cookies, "; ");
        return true;
      }
      return false;
    case Place::path: {
      const auto at = draft.url.path.find(key.name);
      if (at == std::string::npos) return false;
      const std::size_t start = at + key.name.size();
      const std::size_t end = std::min(draft.url.path.find('/', start), draft.url.path.size());
      draft.url.path.replace(start, end - start, 1, key_mark);
      return true;
    }
    case Place::userinfo:
    case Place::body:
      return false;
  }
  return false;
}

std::string presented(const Key& key) {
  const std::string& secret = key.secret.reveal();
  if (key.form == Key::Form::user) return base::base64_encode(secret + ":");
  if (key.form == Key::Form::password) return base::base64_encode(key.user + ":" + secret);
  return secret;
}

void insert_key(http::Request& request, http::Url& url, const Key& key) {
  switch (key.place) {
    case Place::header:
      request.headers.push_back({key.name, key.prefix + presented(key)});
      return;
    case Place::query:
      url.query +=
          (url.query.empty() ? "" : "&") + base::percent_encode(key.name) + "=" +
          (key.written.empty() ? base::percent_encode(key.secret.reveal()) : key.written.reveal());
      return;
    case Place::cookie: {
      const std::string pair = key.name + "=" + key.secret.reveal();
      for (http::Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, "Cookie")) continue;
        header.value = header.value.empty() ? pair : header.value + "; " + pair;
        return;
      }
      request.headers.push_back({"Cookie", pair});
      return;
    }
    case Place::path:
      if (const auto mark = url.path.find(key_mark); mark != std::string::npos)
        url.path.replace(mark, 1, base::percent_encode(key.secret.reveal()));
      return;
    case Place::userinfo:
    case Place::body:
      return;
  }
}

// The lines of one header or parameter in the place of the own ones.
template <class Items, class IsNamed>
void replace_named(Items& into, const Items& from, IsNamed is_named) {
  const auto first = std::ranges::find_if(into, is_named);
  auto at = static_cast<std::size_t>(first - into.begin());
  std::erase_if(into, is_named);
  for (const auto& item : from) {
    if (is_named(item)) into.insert(into.begin() + static_cast<std::ptrdiff_t>(at++), item);
  }
}

void take_key(Draft& into, const Draft& from, What what) {
  if (what == What::key || !into.key || !from.key) {
    into.key = from.key;
    return;
  }
  Key& key = *into.key;
  const Key& other = *from.key;
  if (what == What::key_place) {
    base::Secret secret = key.secret, written = key.written;
    const std::string user = key.user;
    const Key::Form form = key.form;
    key = other;
    // Bytes that cannot be read as a pair go with their place and their scheme.
    if (form == Key::Form::raw || other.form == Key::Form::raw) return;
    key.secret = std::move(secret);
    key.written = std::move(written);
    if (form == Key::Form::password && other.form == Key::Form::password) key.user = user;
  } else if (what == What::key_scheme) {
    key.scheme = other.scheme;
    key.prefix = other.prefix;
  } else if (what == What::key_user) {
    key.user = other.user;
  } else {
    key.secret = other.secret;
    key.written = other.written;
  }
}

void take_options(http::ClientOptions& into, const http::ClientOptions& from, What what) {
  const auto copy = [&](auto... members) { ((into.*members = from.*members), ...); };
  using O = http::ClientOptions;
  if (what == What::http_version) copy(&O::http_version);
  if (what == What::proxy) copy(&O::proxy, &O::proxy_user, &O::noproxy);
  if (what == What::way) copy(&O::resolve, &O::connect_to, &O::unix_socket);
  if (what == What::source) copy(&O::interface, &O::ip_version);
  if (what == What::tls) copy(&O::insecure, &O::cacert);
  if (what == What::certificate) copy(&O::client_cert, &O::client_key, &O::key_password);
  if (what == What::authentication)
    copy(&O::authentication, &O::aws_sigv4, &O::user, &O::use_netrc);
}

// What curl adds is written out, so that it can be compared; what another client did not send is
// kept from being added.
void complete(Draft& draft, const Side& side) {
  const auto removed = [&](std::string_view name) {
    return std::ranges::any_of(draft.options.removed_headers,
                               [&](const auto& n) { return equals_ignoring_case(n, name); });
  };
  for (const auto& [name, value] : {std::pair{"User-Agent", "curl"}, std::pair{"Accept", "*/*"}}) {
    if (draft.headers.has(name) || removed(name)) continue;
    if (side.from_curl && std::string_view(name) == "Accept") draft.headers.add(name, value);
    if (side.from_curl && std::string_view(name) == "User-Agent") draft.curl_agent = true;
    if (!side.from_curl) draft.options.removed_headers.emplace_back(name);
  }
  if (draft.options.http_version.empty() && side.request().version.starts_with("HTTP/")) {
    const std::string version = side.request().version.substr(5);
    draft.options.http_version = version == "2.0" ? "2" : version;
  }
  const http::Url url = http::parse_url(side.request().url);
  const std::string host = base::lower(draft.headers.get("Host"));
  const std::string with_port = url.host + ":" + std::to_string(url.port_number());
  if (host == url.host || host == with_port) draft.headers.remove("Host");
}

}  // namespace

std::string parameter_name(std::string_view written) {
  return base::percent_decode(written.substr(0, written.find('=')), true);
}

Draft take_apart(const Side& side, const catalogue::Catalogue& catalogue, const Key* like) {
  http::Bundle bundle = side.bundle;
  http::Request& request = bundle.exchanges.at(bundle.failing).request;
  request = without_userinfo(std::move(request));
  const inspect::Case opened(bundle, catalogue);

  Draft draft{.method = request.method,
              .url = opened.url,
              .headers = request.headers,
              .body = request.body,
              .options = side.options};
  draft.parameters = split(draft.url.query, '&');
  draft.url.query.clear();
  draft.url.fragment.clear();
  draft.url.has_fragment = false;
  const Credential* chosen = choose(opened.credentials, opened.main, like);
  if (chosen) {
    Key key = key_of(*chosen);
    if (extract(draft, key, *chosen)) {
      draft.key = std::move(key);
    } else {
      chosen = nullptr;
    }
  }
  for (const Credential& credential : opened.credentials) {
    if (&credential != chosen) draft.others.push_back(credential);
  }
  complete(draft, side);
  return draft;
}

http::Request put_together(const Draft& draft) {
  http::Request request{.method = draft.method, .headers = draft.headers, .body = draft.body};
  http::Url url = draft.url;
  url.query = join(draft.parameters, "&");
  if (draft.key) insert_key(request, url, *draft.key);
  std::erase(url.path, key_mark);
  std::erase_if(request.headers, [](const http::Header& header) {
    return equals_ignoring_case(header.name, "Cookie") && header.value.empty();
  });
  request.url = http::to_string(url);
  return request;
}

std::string shown_path(const Draft& draft) {
  std::string path = draft.url.path;
  if (const auto mark = path.find(key_mark); mark != std::string::npos)
    path.replace(mark, 1, "<key>");
  return path;
}

std::string shown_url(const Draft& draft) {
  return draft.url.origin() + shown_path(draft) + (draft.parameters.empty() ? "" : "?…");
}

void take(Draft& into, const Draft& from, const Facet& facet) {
  switch (facet.what) {
    case What::method:
      into.method = from.method;
      return;
    case What::scheme:
      into.url.scheme = from.url.scheme;
      return;
    case What::host:
      into.url.host = from.url.host;
      return;
    case What::port:
      into.url.port = from.url.port;
      return;
    case What::path:
      into.url.path = from.url.path;
      return;
    case What::body:
      into.body = from.body;
      return;
    case What::parameter:
      replace_named(into.parameters, from.parameters,
                    [&](const std::string& p) { return parameter_name(p) == facet.name; });
      return;
    case What::header: {
      const auto named = [&](const http::Header& h) {
        return equals_ignoring_case(h.name, facet.name);
      };
      replace_named(into.headers, from.headers, named);
      const auto same = [&](const std::string& n) { return equals_ignoring_case(n, facet.name); };
      std::erase_if(into.options.removed_headers, same);
      for (const std::string& name : from.options.removed_headers) {
        if (same(name)) into.options.removed_headers.push_back(name);
      }
      return;
    }
    case What::key:
    case What::key_place:
    case What::key_scheme:
    case What::key_user:
    case What::key_secret:
      take_key(into, from, facet.what);
      return;
    default:
      take_options(into.options, from.options, facet.what);
      return;
  }
}

std::vector<std::string> values_of(const Draft& draft, const Facet& facet) {
  std::vector<std::string> values;
  if (facet.what == What::header) {
    for (const std::string_view value : draft.headers.all(facet.name)) values.emplace_back(value);
  }
  if (facet.what == What::parameter) {
    for (const std::string& p : draft.parameters) {
      const auto equals = p.find('=');
      if (parameter_name(p) == facet.name)
        values.push_back(equals == p.npos ? "" : p.substr(equals + 1));
    }
  }
  return values;
}

}  // namespace locksmith::compare
