#include "doctor/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "credential/credential.hpp"
#include "probe/safety.hpp"

namespace locksmith::doctor {
namespace {

// More steps than this are a loop (curl's own limit is 50; browsers stop at 20).
constexpr std::size_t most_redirects = 10;

base::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Credentials never cross an origin. curl drops Authorization and Cookie there, and keeps other
// headers: those are left out here all the same.
void strip_credentials(http::Request& request) {
  for (const credential::Credential& credential : credential::find_credentials(request)) {
    if (credential.place == credential::Place::header) request.headers.remove(credential.name);
  }
  request.headers.remove("cookie");
}

http::Request next_request(const http::Exchange& exchange) {
  http::Request request = exchange.request;
  const http::Url from = http::parse_url(request.url);
  request.url = http::resolve_reference(from, exchange.response.headers.get("location"));
  // RFC 9110 section 15.4: 303 always, 301 and 302 by custom, turn a POST into a GET.
  const int status = exchange.response.status;
  if (request.method != "HEAD" &&
      (status == 303 || ((status == 301 || status == 302) && request.method == "POST"))) {
    request.method = "GET";
    request.body.clear();
  }
  if (http::parse_url(request.url).origin() != from.origin()) strip_credentials(request);
  return request;
}

}  // namespace

std::string shown_url(const http::Url& url, const credential::Credential* main) {
  std::string path = url.path;
  if (main && main->place == credential::Place::path) {
    const auto at = path.find(main->name);
    const std::size_t start = at + main->name.size();
    if (at != std::string::npos)
      path.replace(start, std::min(path.find('/', start), path.size()) - start, "<key>");
  }
  return url.origin() + path + (url.query.empty() ? "" : "?…");
}

Asking::Asking(Question& question, const Options& options, probe::Transport* transport,
               report::Report& report)
    : question_(question), options_(options), transport_(transport), report_(report) {}

bool Asking::may_ask() const { return transport_ && report_.requests.size() < options_.budget; }

Result<probe::Sent> Asking::send(const http::Request& request, const http::Request& original,
                                 std::string_view probe, std::string_view why) {
  const http::Url url = http::parse_url(request.url);
  const auto credentials = credential::find_credentials(request);
  options_.progress(fmt::format("{}: {}", url.host, why));
  auto sent =
      transport_->send(request, probe::options_for(request, original, question_.options), {});
  report_.requests.push_back({.probe = std::string(probe),
                              .reason = std::string(why),
                              .method = request.method,
                              .url = shown_url(url, nullptr),
                              .status = sent ? sent->exchange.response.status : 0});
  return sent;
}

std::optional<Error> Asking::ask_original() {
  if (!transport_) {
    return Error{ErrorCode::unreadable,
                 "there is no answer to look at, and --offline forbids asking for one",
                 "add --response FILE with what curl -i printed, or leave --offline out"};
  }
  const http::Request original = question_.bundle.failure().request;
  const http::Request request = probe::harmless(original, options_.replay);
  if (request.method != original.method) {
    report_.notes.push_back(
        fmt::format("{} was not repeated; a GET was sent in its place (--replay repeats it).",
                    original.method));
  }
  auto sent =
      send(request, request, "as-is",
           request.method == original.method ? "the request as it is" : "the request as a GET");
  if (!sent) return sent.error();
  http::Exchange exchange = std::move(sent->exchange);
  exchange.time = now();
  exchange.remote_address = sent->remote_ip;
  // What was asked for, not what the library made of it: a defect of the key is in the former.
  exchange.request = request;
  question_.bundle.exchanges = {std::move(exchange)};
  question_.bundle.failing = 0;
  question_.answered = true;
  if (question_.options.follow_redirects) return follow_redirects(request);
  return {};
}

std::optional<Error> Asking::follow_redirects(const http::Request& original) {
  auto& exchanges = question_.bundle.exchanges;
  for (std::size_t step = 0; is_redirect(exchanges.back().response.status) &&
                             exchanges.back().response.headers.has("location");
       ++step) {
    if (step == most_redirects) {
      return Error{ErrorCode::unreachable,
                   fmt::format("the server redirects in a loop ({} steps)", most_redirects),
                   "ask without -L and look at the Location header"};
    }
    const http::Request request = next_request(exchanges.back());
    const bool carries = !credential::find_credentials(request).empty();
    if (auto ok = probe::allowed_after_redirect(request, original, carries, options_.replay); !ok) {
      report_.notes.push_back(fmt::format("The redirect to {} was not followed: {}.",
                                          http::parse_url(request.url).origin(),
                                          ok.error().message));
      break;
    }
    auto sent =
        send(request, original, "redirect", fmt::format("step {} of the redirect", step + 1));
    if (!sent) return sent.error();
    http::Exchange exchange = std::move(sent->exchange);
    exchange.time = now();
    exchange.request = request;
    exchanges.push_back(std::move(exchange));
  }
  question_.bundle.failing = http::failing_exchange(exchanges);
  // A chain that ends well is no failure, whatever its first step was.
  if (exchanges.back().response.status >= 200 && exchanges.back().response.status < 300)
    question_.bundle.failing = exchanges.size() - 1;
  return {};
}

Result<http::Exchange> Asking::ask(const probe::Probe& probe, const http::Request& request,
                                   const inspect::Case& failure) {
  std::vector<std::string> hosts;
  if (failure.provider)
    hosts.assign(failure.provider->hosts.begin(), failure.provider->hosts.end());
  if (auto ok = probe::allowed(request, failure.request, probe.carries_credential, options_.replay,
                               hosts);
      !ok)
    return std::unexpected(ok.error());
  auto sent = send(request, failure.request, probe.name, probe.why);
  if (!sent) return std::unexpected(sent.error());
  return std::move(sent->exchange);
}

}  // namespace locksmith::doctor
