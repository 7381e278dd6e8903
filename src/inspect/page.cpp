#include "inspect/page.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "catalogue/message_text.hpp"

namespace locksmith::inspect {
namespace {

using base::contains_ignoring_case;

// As much of a page as is read here; a login form stands near its start.
constexpr std::size_t readable_bytes = 65536;

constexpr std::array<std::string_view, 19> login_words{"login",
                                                       "signin",
                                                       "sign_in",
                                                       "sign-in",
                                                       "/sso",
                                                       "oauth2/start",
                                                       "oauth2/auth",
                                                       "/authorize",
                                                       "saml",
                                                       "cloudflareaccess.com",
                                                       "accounts.google.com",
                                                       "login.microsoftonline.com",
                                                       "/auth/realms/",
                                                       "auth?",
                                                       "captive",
                                                       "okta.com",
                                                       "hotspot",
                                                       "wifi",
                                                       "splash"};

// What networks call themselves on the page that stands before them …
constexpr std::array<std::string_view, 15> network_words{
    "wifi",           "wi-fi",       "wlan",           "hotspot",        "hot spot",
    "captive portal", "internet",    "go online",      "on board",       "guest",
    "voucher",        "room number", "to the network", "network access", "access code"};
// … and what they want accepted.
constexpr std::array<std::string_view, 8> terms_words{
    "terms of use", "terms of service",    "terms and conditions",     "acceptable use",
    "accept the",   "nutzungsbedingungen", "conditions d'utilisation", "agree to"};

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

bool is_html(const catalogue::ResponseView& answer) {
  const auto& headers = answer.response().headers;
  if (contains_ignoring_case(headers.get("content-type"), "html")) return true;
  const std::string_view body = base::trim(answer.lower_body().substr(0, 512));
  return body.starts_with("<!doctype html") || body.starts_with("<html") ||
         body.starts_with("<head") || body.starts_with("<title");
}

std::string_view title_of(std::string_view page) {
  const auto start = page.find("<title");
  const auto open = start == std::string_view::npos ? start : page.find('>', start);
  if (open == std::string_view::npos) return {};
  return page.substr(open + 1, page.find("</title", open) - open - 1);
}

// A page that sends the browser on by itself, by <meta http-equiv="refresh"> or a script.
bool sends_to_login(std::string_view page) {
  constexpr std::size_t within = 300;
  for (const std::string_view way :
       {"http-equiv=\"refresh\"", "http-equiv='refresh'", "location.href", "location.replace(",
        "location.assign(", "window.location"}) {
    const auto at = page.find(way);
    if (at != std::string_view::npos && leads_to_login(page.substr(at, within))) return true;
  }
  return false;
}

bool wants_login(std::string_view page) {
  for (const std::string_view field : {"type=\"password\"", "type='password'", "type=password"}) {
    if (page.contains(field)) return true;
  }
  // The form that SAML's POST binding sends by itself (saml-bindings-2.0-os, section 3.5.4).
  if (page.contains("samlrequest") || page.contains("samlresponse")) return true;
  constexpr std::array<std::string_view, 6> titles{"sign in", "sign-in", "signin",
                                                   "log in",  "login",   "single sign"};
  return contains_any(title_of(page), titles) || sends_to_login(page);
}

bool is_portal(std::string_view page) {
  // WISPr, the comment that portals leave for programs (Wi-Fi Alliance, WISPr 1.0, appendix D).
  if (page.contains("wispaccessgatewayparam")) return true;
  const bool acts = page.contains("<form") || page.contains("<a ") || page.contains("<button");
  if (!acts) return false;
  constexpr std::size_t few_words = 4000;  // bytes; documentation has more to say
  const std::string text = catalogue::message_text(page);
  if (text.size() > few_words) return false;
  const auto count = std::ranges::count_if(
      network_words, [&](std::string_view word) { return text.contains(word); });
  return count >= 3 || (count >= 1 && contains_any(text, terms_words));
}

bool asks_for_json(const http::Request& request) {
  return contains_ignoring_case(request.headers.get("accept"), "json") ||
         contains_ignoring_case(request.headers.get("content-type"), "json");
}

// A cookie is what browsers send; anything else a person put there.
bool carries_key(const http::Request& request) {
  return std::ranges::any_of(credential::find_credentials(request), [](const auto& k) {
    return k.place != credential::Place::cookie && !k.value.empty();
  });
}

}  // namespace

bool leads_to_login(std::string_view location) {
  return std::ranges::any_of(
      login_words, [&](std::string_view word) { return contains_ignoring_case(location, word); });
}

Page page_of(const catalogue::ResponseView& answer) {
  if (!is_html(answer)) return Page::none;
  const std::string_view page = answer.lower_body().substr(0, readable_bytes);
  if (wants_login(page)) return Page::login;
  return is_portal(page) ? Page::portal : Page::other;
}

bool asks_for_data(const Case& c) {
  for (const std::string_view part : {"/api", "/v1"}) {
    if (contains_ignoring_case(c.url.path, part)) return true;
  }
  if (c.provider_by_host ||
      (c.main && !c.main->value.empty() && c.main->place != credential::Place::cookie))
    return true;
  const auto& exchanges = c.bundle.exchanges;
  const auto chain = std::span(exchanges).first(std::min(c.bundle.failing + 1, exchanges.size()));
  return std::ranges::any_of(chain, [](const http::Exchange& exchange) {
    return asks_for_json(exchange.request) || carries_key(exchange.request);
  });
}

bool is_wall(const Case& c) {
  const Page page = page_of(c.view);
  return (page == Page::login || page == Page::portal) && asks_for_data(c);
}

bool is_own_answer(const Case& c) { return c.provider_by_host && c.rule && !c.intermediary; }

bool was_led_elsewhere(const Case& c) {
  const http::Exchange& first = c.bundle.exchanges.front();
  const bool redirected = first.response.status >= 300 && first.response.status < 400;
  return c.bundle.failing > 0 && redirected &&
         http::parse_url(first.request.url).host != c.url.host;
}

}  // namespace locksmith::inspect
