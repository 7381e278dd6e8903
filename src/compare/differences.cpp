// Everything but the key itself (keys.cpp): where the request goes, how, and what goes with it.
#include "compare/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "compare/noise.hpp"
#include "credential/secret_names.hpp"

namespace locksmith::compare {
namespace {

using base::equals_ignoring_case;
using catalogue::Companion;
using catalogue::Provider;
using credential::Place;
using What = Facet::What;

// Headers with a kind of their own. A '*' at either end stands for any rest.
struct HeaderKind {
  std::string_view name;
  Kind kind;
};
constexpr std::array header_kinds{
    HeaderKind{"user-agent", Kind::user_agent},
    HeaderKind{"accept", Kind::accept},
    HeaderKind{"content-type", Kind::content_type},
    HeaderKind{"origin", Kind::origin_header},
    HeaderKind{"referer", Kind::origin_header},
    HeaderKind{"cookie", Kind::cookie},
    HeaderKind{"host", Kind::host_header},
    HeaderKind{"*csrf*", Kind::csrf_header},
    HeaderKind{"*xsrf*", Kind::csrf_header},
    HeaderKind{"*crumb", Kind::csrf_header},
    HeaderKind{"x-requested-with", Kind::csrf_header},
};

bool is_named(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with('*')) return equals_ignoring_case(pattern, name);
  pattern.remove_prefix(1);
  if (pattern.ends_with('*'))
    return base::contains_ignoring_case(name, pattern.substr(0, pattern.size() - 1));
  return name.size() >= pattern.size() &&
         equals_ignoring_case(name.substr(name.size() - pattern.size()), pattern);
}

const Companion* companion(const Provider* provider, Place place, std::string_view name,
                           std::string_view path) {
  if (!provider) return nullptr;
  for (const Companion& c : provider->companions) {
    const bool wanted = c.when.empty() || path.starts_with(c.when);
    if (c.place == place && equals_ignoring_case(c.name, name) && wanted) return &c;
  }
  return nullptr;
}

bool is_other_credential(const Draft& draft, Place place, std::string_view name) {
  return std::ranges::any_of(draft.others, [&](const credential::Credential& c) {
    return c.place == place && equals_ignoring_case(c.name, name);
  });
}

std::string joined(const std::vector<std::string>& values) {
  return fmt::format("{}", fmt::join(values, ", "));
}

// A value to show: as it is when it plainly is no secret, else its fingerprint.
std::string shown(std::string_view name, credential::NameKind kind, const std::string& value) {
  constexpr std::size_t most = 60;
  const bool secret = credential::secrecy_of(name, kind) != credential::Secrecy::none ||
                      credential::looks_random(value) || value.size() > most;
  if (value.empty()) return "an empty value";
  return secret ? base::fingerprint(value) : fmt::format("\"{}\"", value);
}

// "BAD lacks X, which GOOD sends as …."
std::string told(std::string_view what, std::string_view name, credential::NameKind kind,
                 const std::vector<std::string>& good, const std::vector<std::string>& bad) {
  const auto value = [&](const std::vector<std::string>& v) {
    return shown(name, kind, joined(v));
  };
  if (bad.empty()) return fmt::format("BAD lacks the {}; GOOD sends {}.", what, value(good));
  if (good.empty())
    return fmt::format("BAD sends {} in the {}, which GOOD does without.", value(bad), what);
  return fmt::format("The {} is {} in GOOD, {} in BAD.", what, value(good), value(bad));
}

std::set<std::string> cookie_names(const std::vector<std::string>& lines) {
  std::set<std::string> names;
  for (const std::string& line : lines) {
    for (std::size_t start = 0; start < line.size();) {
      const std::size_t end = std::min(line.find(';', start), line.size());
      const std::string_view pair = base::trim(std::string_view(line).substr(start, end - start));
      if (!pair.empty()) names.emplace(pair.substr(0, pair.find('=')));
      start = end + 1;
    }
  }
  return names;
}

// Cookies are named, never shown.
std::string cookies_told(const std::vector<std::string>& good,
                         const std::vector<std::string>& bad) {
  const auto g = cookie_names(good), b = cookie_names(bad);
  std::vector<std::string> lacks, more;
  std::ranges::set_difference(g, b, std::back_inserter(lacks));
  std::ranges::set_difference(b, g, std::back_inserter(more));
  if (lacks.empty() && more.empty()) return "Cookies of the same names have other values.";
  std::string text;
  if (!lacks.empty()) text = fmt::format("BAD lacks the cookie {}", joined(lacks));
  if (!more.empty())
    text += fmt::format("{} the cookie {}", text.empty() ? "Only BAD sends" : "; only BAD sends",
                        joined(more));
  return text + ".";
}

class Comparing {
 public:
  Comparing(const Draft& good, const Draft& bad, const Provider* provider)
      : good_(good), bad_(bad), provider_(provider) {}

  std::vector<Difference> all;
  std::vector<LeftOut> left_out;

  void compare() {
    compare_target();
    compare_parameters();
    compare_headers();
    compare_body();
    compare_options();
  }

 private:
  void add(Kind kind, std::string place, std::string text, std::vector<Facet> facets,
           std::vector<std::string_view> causes = {}) {
    all.push_back(
        difference(kind, std::move(place), std::move(text), std::move(facets), std::move(causes)));
  }

  void compare_target() {
    const http::Url &g = good_.url, &b = bad_.url;
    if (good_.method != bad_.method) {
      add(Kind::method, "method", fmt::format("GOOD is a {}, BAD a {}.", good_.method, bad_.method),
          {{What::method, ""}});
    }
    // What belongs to a host goes along with it: its certificate is not for another one.
    if (g.host != b.host) {
      add(Kind::host, "URL", fmt::format("GOOD goes to {}, BAD to {}.", g.origin(), b.origin()),
          {{What::scheme, ""},
           {What::host, ""},
           {What::port, ""},
           {What::way, ""},
           {What::tls, ""},
           {What::certificate, ""}});
    } else {
      if (g.scheme != b.scheme) {
        add(Kind::url_scheme, "URL",
            fmt::format("GOOD goes over {}, BAD over {}.", g.scheme, b.scheme),
            {{What::scheme, ""}, {What::port, ""}});
      } else if (g.port_number() != b.port_number()) {
        add(Kind::port, "URL",
            fmt::format("GOOD goes to port {}, BAD to {}.", g.port_number(), b.port_number()),
            {{What::port, ""}});
      }
    }
    if (g.path != b.path) compare_paths(g.path, b.path);
  }

  // The segment that stands twice in a row.
  static std::string doubled_segment(std::string_view path) {
    std::string_view before;
    for (std::size_t start = 1; start < path.size();) {
      const std::size_t end = std::min(path.find('/', start), path.size());
      const std::string_view segment = path.substr(start, end - start);
      if (!segment.empty() && segment == before) return std::string(segment);
      before = segment;
      start = end + 1;
    }
    return {};
  }

  void compare_paths(const std::string& g, const std::string& b) {
    const std::vector<Facet> facets{{What::path, ""}};
    const std::string paths = fmt::format("GOOD {}, BAD {}", shown_path(good_), shown_path(bad_));
    const std::string twice = doubled_segment(b);
    if (g + "/" == b || b + "/" == g) {
      add(Kind::path_slash, "URL path",
          fmt::format("Only {} ends in a slash: {}.", b.ends_with('/') ? "BAD" : "GOOD", paths),
          facets);
    } else if (!twice.empty() && doubled_segment(g).empty()) {
      add(Kind::path_doubled, "URL path", fmt::format("/{} stands twice in BAD: {}.", twice, paths),
          facets);
    } else if (equals_ignoring_case(g, b)) {
      add(Kind::path_case, "URL path",
          fmt::format("The paths differ in upper and lower case: {}.", paths), facets);
    } else {
      add(Kind::path, "URL path", fmt::format("The paths differ: {}.", paths), facets);
    }
  }

  void compare_parameters() {
    std::vector<std::string> names;
    for (const Draft* draft : {&good_, &bad_}) {
      for (const std::string& p : draft->parameters) {
        if (std::ranges::find(names, parameter_name(p)) == names.end())
          names.push_back(parameter_name(p));
      }
    }
    for (const std::string& name : names) compare_parameter(name);
  }

  void compare_parameter(const std::string& name) {
    const Facet facet{What::parameter, name};
    const auto g = values_of(good_, facet), b = values_of(bad_, facet);
    if (g == b) return;
    const std::string lower = base::lower(name);
    if (lower.starts_with("x-amz-") ||
        lower.starts_with("x-goog-")) {  // of a presigned URL: keys.cpp reads them
      left_out.push_back({"query parameter " + name, "belongs to the signature", facet});
      return;
    }
    const Companion* wanted = companion(provider_, Place::query, name, bad_.url.path);
    const bool second = is_other_credential(good_, Place::query, name) ||
                        is_other_credential(bad_, Place::query, name);
    std::vector<std::string_view> causes;
    if (wanted && !wanted->cause.empty()) causes = {wanted->cause};
    add(second   ? Kind::second_credential
        : wanted ? Kind::required_header
                 : Kind::query,
        "query parameter " + name,
        told("query parameter " + name, name, credential::NameKind::parameter, g, b), {facet},
        std::move(causes));
  }

  void compare_headers() {
    std::vector<std::string> names{"User-Agent"};  // also where curl's own is kept from being sent
    for (const Draft* draft : {&good_, &bad_}) {
      for (const http::Header& header : draft->headers) {
        const auto known = [&](const std::string& n) {
          return equals_ignoring_case(n, header.name);
        };
        if (std::ranges::none_of(names, known)) names.push_back(header.name);
      }
    }
    for (const std::string& name : names) compare_header(name);
  }

  void compare_header(const std::string& name) {
    const Facet facet{What::header, name};
    const auto g = values_of(good_, facet), b = values_of(bad_, facet);
    if (equals_ignoring_case(name, "user-agent")) return compare_agents(facet, g, b);
    if (g == b) return;
    const bool signed_request = is_signed(good_) || is_signed(bad_);
    if (const auto reason = noise_reason(name)) {
      left_out.push_back({name + " header", std::string(*reason), facet});
    } else if (signed_request && base::lower(name).starts_with("x-amz-")) {
      left_out.push_back({name + " header", "belongs to the signature", facet});
    } else if (equals_ignoring_case(name, "cookie")) {
      add(Kind::cookie, "Cookie header", cookies_told(g, b), {facet});
    } else {
      add_header(name, facet, g, b);
    }
  }

  void add_header(const std::string& name, const Facet& facet, const std::vector<std::string>& g,
                  const std::vector<std::string>& b) {
    const std::string place = name + " header",
                      text = told(place, name, credential::NameKind::header, g, b);
    if (const Companion* wanted = companion(provider_, Place::header, name, bad_.url.path)) {
      std::vector<std::string_view> causes;
      if (!wanted->cause.empty()) causes = {wanted->cause};
      return add(Kind::required_header, place, text, {facet}, std::move(causes));
    }
    for (const HeaderKind& row : header_kinds) {
      if (is_named(row.name, name)) return add(row.kind, place, text, {facet});
    }
    const bool second = is_other_credential(good_, Place::header, name) ||
                        is_other_credential(bad_, Place::header, name);
    add(second ? Kind::second_credential : Kind::other_header, place, text, {facet});
  }

  static std::string agent(const Draft& draft, const std::vector<std::string>& values) {
    return values.empty() && draft.curl_agent ? "curl" : joined(values);
  }

  void compare_agents(const Facet& facet, const std::vector<std::string>& g,
                      const std::vector<std::string>& b) {
    const std::string good = agent(good_, g), bad = agent(bad_, b);
    if (good == bad) return;
    if (same_client(good, bad)) {
      left_out.push_back({"User-Agent header", "the same client in another version", facet});
      return;
    }
    const auto as_list = [](const std::string& v) {
      return v.empty() ? std::vector<std::string>{} : std::vector{v};
    };
    add(Kind::user_agent, "User-Agent header",
        told("User-Agent header", "User-Agent", credential::NameKind::header, as_list(good),
             as_list(bad)),
        {facet});
  }

  void compare_body() {
    if (good_.body == bad_.body) return;
    const auto size = [](const std::string& body) {
      return body.empty() ? std::string("none") : base::count_of(body.size(), "byte");
    };
    std::string text =
        fmt::format("The bodies differ: GOOD {}, BAD {}.", size(good_.body), size(bad_.body));
    std::vector<std::string_view> causes;
    for (const credential::Credential& c : bad_.others) {
      if (c.place != Place::body) continue;
      const auto same = std::ranges::find_if(
          good_.others, [&](const auto& o) { return o.place == Place::body && o.name == c.name; });
      if (same == good_.others.end() || same->secret() == c.secret()) continue;
      text = fmt::format("The field {} of the body differs: GOOD {}, BAD {}.", c.name,
                         base::fingerprint(same->secret()), base::fingerprint(c.secret()));
      causes = info(Kind::key_other).causes;
    }
    add(causes.empty() ? Kind::body : Kind::key_other, "request body", std::move(text),
        {{What::body, ""}}, std::move(causes));
  }

  void compare_options() {
    const http::ClientOptions &g = good_.options, &b = bad_.options;
    const bool same_host = good_.url.host == bad_.url.host;
    const auto name = [](std::string_view text, std::string_view none) {
      return std::string(text.empty() ? none : text);
    };
    // A version that is not known is no difference.
    if (g.http_version != b.http_version && !g.http_version.empty() && !b.http_version.empty()) {
      add(Kind::http_version, "protocol",
          fmt::format("GOOD is HTTP/{}, BAD HTTP/{}.", g.http_version, b.http_version),
          {{What::http_version, ""}});
    }
    if (g.proxy != b.proxy || g.proxy_user != b.proxy_user || g.noproxy != b.noproxy) {
      const auto via = [&](const http::ClientOptions& o) {
        return o.proxy.empty() ? std::string("no proxy of its own") : http::parse_url(o.proxy).host;
      };
      add(Kind::proxy, "proxy",
          fmt::format("GOOD goes through {}, BAD through {}{}.", via(g), via(b),
                      g.proxy == b.proxy ? ", but with other options" : ""),
          {{What::proxy, ""}});
    }
    if (same_host && (g.resolve != b.resolve || g.connect_to != b.connect_to ||
                      g.unix_socket != b.unix_socket)) {
      add(Kind::way, "connection",
          "The name leads to another address (--resolve, --connect-to or --unix-socket differ).",
          {{What::way, ""}});
    }
    if (g.interface != b.interface || g.ip_version != b.ip_version) {
      add(Kind::source, "source address",
          fmt::format("GOOD leaves by {} over {}, BAD by {} over {}.",
                      name(g.interface, "the default interface"), family(g),
                      name(b.interface, "the default interface"), family(b)),
          {{What::source, ""}});
    }
    if (same_host && (g.insecure != b.insecure || g.cacert != b.cacert)) {
      add(Kind::tls, "TLS", "The server's certificate is checked in two ways (-k or --cacert).",
          {{What::tls, ""}});
    }
    if (same_host && (g.client_cert != b.client_cert || g.client_key != b.client_key)) {
      const auto has = [](const http::ClientOptions& o) {
        return o.client_cert.empty() ? "none" : "one";
      };
      add(Kind::client_certificate, "TLS",
          b.client_cert.empty() || g.client_cert.empty()
              ? fmt::format("Of a client certificate, GOOD presents {}, BAD {}.", has(g), has(b))
              : "Another client certificate is presented.",
          {{What::certificate, ""}});
    }
    if (g.authentication != b.authentication || g.aws_sigv4 != b.aws_sigv4) {
      const auto how = [&](const http::ClientOptions& o) {
        return !o.aws_sigv4.empty() ? "aws-sigv4"
                                    : name(o.authentication, "as it stands in the request");
      };
      add(Kind::authentication, "client",
          fmt::format("GOOD authenticates {}, BAD {}.", how(g), how(b)),
          {{What::authentication, ""}});
    } else if (g.use_netrc != b.use_netrc || g.netrc_file != b.netrc_file) {
      add(Kind::authentication, ".netrc",
          fmt::format("Only {} lets a .netrc file override the login.",
                      b.use_netrc ? "BAD" : "GOOD"),
          {{What::authentication, ""}}, {"conflicting-credentials", "missing"});
    }
  }

  static std::string_view family(const http::ClientOptions& options) {
    return options.ip_version == 4   ? "IPv4"
           : options.ip_version == 6 ? "IPv6"
                                     : "either IP version";
  }

  const Draft& good_;
  const Draft& bad_;
  const Provider* provider_;
};

}  // namespace

Difference difference(Kind kind, std::string place, std::string text, std::vector<Facet> facets,
                      std::vector<std::string_view> causes) {
  const KindInfo& known = info(kind);
  return {.kind = kind,
          .place = std::move(place),
          .text = std::move(text),
          .causes = causes.empty() ? known.causes : std::move(causes),
          .facets = std::move(facets),
          .decibans = known.decibans};
}

Differences find_differences(const Draft& good, const Draft& bad,
                             const catalogue::Catalogue& catalogue, const Provider* provider) {
  Comparing comparing(good, bad, provider);
  compare_keys(good, bad, catalogue, provider, comparing.all);
  comparing.compare();
  std::ranges::stable_sort(comparing.all, std::greater(), &Difference::decibans);
  return {std::move(comparing.all), std::move(comparing.left_out)};
}

}  // namespace locksmith::compare
