#include "doctor/hops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "inspect/challenge.hpp"
#include "inspect/page.hpp"
#include "inspect/wording.hpp"

namespace locksmith::doctor {
namespace {

using report::Hop;
using Chain = std::vector<Hop>;

// --- the proxy of the client
// -----------------------------------------------------------------------

// NO_PROXY as curl reads it: names and their ends, separated by commas; "*" is all.
bool is_exempt(std::string_view list, std::string_view host) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view name = base::trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (name == "*") return true;
    if (name.starts_with('.')) name.remove_prefix(1);
    const bool ends = !name.empty() && host.ends_with(name);
    if (ends && (host.size() == name.size() || host[host.size() - name.size() - 1] == '.'))
      return true;
  }
  return false;
}

// The proxy that a client like curl uses for this URL (curl(1), "ENVIRONMENT"); empty: none known.
std::string proxy_of(const inspect::Case& c, const http::ClientOptions& way) {
  if (!way.proxy.empty()) return is_exempt(way.noproxy, c.url.host) ? "" : way.proxy;
  const auto& variables = c.bundle.environment.variables;
  const auto value = [&](const std::string& name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::string() : at->second;
  };
  const std::string exempt = way.noproxy.empty() ? value("no_proxy") + "," + value("NO_PROXY")
                             : is_exempt(way.noproxy, "") ? "*"
                                                          : way.noproxy;
  if (is_exempt(exempt, c.url.host)) return {};
  // HTTP_PROXY in capitals is not read: a CGI program's client could set it.
  const auto names = c.url.scheme == "https"
                         ? std::vector<std::string>{"https_proxy", "HTTPS_PROXY"}
                         : std::vector<std::string>{"http_proxy"};
  for (const std::string& name : names) {
    if (const std::string proxy = value(name); !proxy.empty()) return proxy;
  }
  const std::string all = value("all_proxy");
  return all.empty() ? value("ALL_PROXY") : all;
}

std::string realm_of(const http::Response& response, std::string_view header) {
  for (const auto& challenge : inspect::parse_challenges(response.headers.get(header))) {
    if (const std::string realm = challenge.parameter("realm"); !realm.empty())
      return fmt::format("realm \"{}\"", base::printable(realm));
  }
  return {};
}

bool is_forward(const catalogue::Intermediary& box) {
  return box.kind == "forward proxy" || box.kind == "firewall";
}

// --- what stands before the API
// --------------------------------------------------------------------

// How far from the client such a box usually stands; Via would say it better, and few boxes write
// it.
int distance(std::string_view kind) {
  constexpr std::array<std::string_view, 11> order = {
      "forward proxy", "firewall",   "tunnel",        "cdn",          "waf",      "load balancer",
      "api gateway",   "login wall", "reverse proxy", "service mesh", "llm proxy"};
  return static_cast<int>(std::ranges::find(order, kind) - order.begin());
}

std::vector<const catalogue::Intermediary*> boxes_of(const inspect::Case& c) {
  auto boxes = inspect::answered_by(c);
  std::ranges::stable_sort(boxes, {}, [](const auto* box) { return distance(box->kind); });
  return boxes;
}

// Products that open TLS on the way and sign the certificate themselves: its issuer shows them.
constexpr std::array<std::string_view, 17> interceptors = {
    "zscaler",   "fortinet",  "fortigate",     "netskope",  "palo alto",  "blue coat",
    "bluecoat",  "umbrella",  "sophos",        "kaspersky", "avast",      "eset ssl",
    "barracuda", "mitmproxy", "charles proxy", "fiddler",   "portswigger"};

std::string interceptor_of(std::string_view issuer) {
  const std::string lower = base::lower(issuer);
  const auto hit = std::ranges::find_if(
      interceptors, [&](std::string_view name) { return lower.contains(name); });
  return hit == interceptors.end() ? "" : std::string(*hit);
}

// --- who said no
// -----------------------------------------------------------------------------------

// Causes that lie before the API, whoever it was.
bool lies_in_front(std::string_view cause) {
  return cause == "gateway-auth" || cause == "waf-blocked";
}

std::string named_cause(const report::Report& report) {
  return report.outcome == report::Outcome::cause
             ? std::string(report.diagnosis.leader().cause->slug)
             : std::string();
}

class Builder {
 public:
  Builder(const inspect::Case& c, const http::ClientOptions& way, const report::Report& report)
      : c_(c), exchange_(c.bundle.failure()), way_(way), report_(report) {}

  Chain build() {
    chain_.push_back({.name = "you", .role = "client"});
    add_proxy();
    add_interceptor();
    for (const catalogue::Intermediary* box : boxes_of(c_)) add_box(*box);
    add_wall();
    chain_.push_back({.name = base::printable(api_name()), .role = "api"});
    if (report_.diagnosed()) mark();
    note_peer();
    return std::move(chain_);
  }

 private:
  // Who was asked, not where a wall led.
  std::string api_name() const {
    if (!inspect::is_wall(c_) || !inspect::was_led_elsewhere(c_)) return inspect::api_name(c_);
    return http::parse_url(c_.bundle.exchanges.front().request.url).host;
  }

  void add_proxy() {
    const std::string proxy = proxy_of(c_, way_);
    const bool itself = exchange_.proxy_answered || exchange_.response.status == 407;
    if (proxy.empty() && !itself) return;
    // "host:port" without a scheme is common, and read as such.
    const std::string host = base::printable(http::parse_url(proxy).host);
    chain_.push_back({.name = host.empty() ? "proxy" : "proxy " + host,
                      .role = "proxy",
                      .remark = realm_of(exchange_.response, "proxy-authenticate")});
    proxy_ = 1;
    if (itself) refused_ = proxy_;
  }

  void add_interceptor() {
    const std::string product = interceptor_of(exchange_.tls_issuer);
    if (product.empty()) return;
    chain_.push_back(
        {.name = product, .role = "intermediary", .remark = "opens TLS and signs it anew"});
  }

  void add_box(const catalogue::Intermediary& box) {
    const bool is_proxy = is_forward(box) && proxy_ > 0;
    if (is_proxy) {
      chain_[proxy_].name = fmt::format("{} ({})", chain_[proxy_].name, box.name);
    } else {
      chain_.push_back({.name = std::string(box.name), .role = "intermediary"});
    }
    if (&box != c_.intermediary || refused_ > 0) return;
    refused_ = is_proxy ? proxy_ : chain_.size() - 1;
    if (chain_[refused_].remark.empty())
      chain_[refused_].remark = realm_of(exchange_.response, "www-authenticate");
  }

  // A login or a portal that no rule knows.
  void add_wall() {
    const std::string_view location = exchange_.response.headers.get("location");
    const bool redirected = exchange_.response.status / 100 == 3;
    const bool wall = inspect::is_wall(c_) && !inspect::is_own_answer(c_);
    if (refused_ > 0 || (!wall && !(redirected && inspect::leads_to_login(location)))) return;
    const bool portal = inspect::page_of(c_.view) == inspect::Page::portal;
    chain_.push_back({.name = portal ? "captive portal" : "login wall", .role = "intermediary"});
    refused_ = chain_.size() - 1;
  }

  void mark() {
    const std::size_t api = chain_.size() - 1;
    if (refused_ == 0) {
      // Somebody in front, and only one box is known that it could be.
      const bool in_front = lies_in_front(named_cause(report_));
      if (in_front && api == 1) {
        chain_.insert(chain_.begin() + 1, {.name = "gateway", .role = "intermediary"});
      }
      refused_ = in_front ? chain_.size() - 2 : chain_.size() - 1;
    }
    Hop& refused = chain_[refused_];
    refused.refused = true;
    // Then it never asked the API.
    if (report_.same_without_key && refused.role != "api")
      add_remark(refused, "answers alike without the key");
    for (std::size_t i = refused_ + 1; i < chain_.size(); ++i) chain_[i].reached = false;
  }

  static void add_remark(Hop& hop, std::string_view remark) {
    hop.remark += (hop.remark.empty() ? "" : "; ") + std::string(remark);
  }

  // The peer is who was connected to: the proxy, else the outermost box. A certificate comes from
  // behind the tunnel of a proxy.
  void note_peer() {
    chain_[1].address = exchange_.remote_address;
    const std::size_t shows = proxy_ > 0 && chain_.size() > 2 ? 2 : 1;
    chain_[shows].tls_subject = base::printable(exchange_.tls_subject);
    chain_[shows].tls_issuer = base::printable(exchange_.tls_issuer);
  }

  const inspect::Case& c_;
  const http::Exchange& exchange_;
  const http::ClientOptions& way_;
  const report::Report& report_;
  Chain chain_;
  std::size_t proxy_ = 0, refused_ = 0;  // their places in the chain; 0: none
};

}  // namespace

std::vector<report::Hop> hops(const inspect::Case& c, const http::ClientOptions& way,
                              const report::Report& report) {
  if (c.response.status == 0 || c.url.host.empty()) return {};
  return Builder(c, way, report).build();
}

}  // namespace locksmith::doctor
