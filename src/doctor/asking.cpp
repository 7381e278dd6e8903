#include "doctor/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "credential/credential.hpp"
#include "doctor/redirect.hpp"
#include "probe/safety.hpp"

namespace locksmith::doctor {
namespace {

base::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// A header's value that no client sends as it is: the transport leaves out line breaks at its ends.
bool is_mended_on_the_way(const http::Request& request) {
  return std::ranges::any_of(request.headers, [](const http::Header& header) {
    const std::string_view value = header.value;
    const auto at_line_break = [](char c) { return c == '\r' || c == '\n'; };
    return !value.empty() && (at_line_break(value.front()) || at_line_break(value.back()));
  });
}

}  // namespace

std::vector<std::string> hosts_of(const catalogue::Provider* provider) {
  if (!provider) return {};
  return {provider->hosts.begin(), provider->hosts.end()};
}

std::string shown_url(const http::Url& url, const credential::Credential* main) {
  std::string path = url.path;
  // Shown nowhere, whatever else was sent.
  if (const auto key = credential::key_behind_version(path))
    path.replace(key->first, key->second, "<key>");
  if (main && main->place == credential::Place::path) {
    if (const auto at = path.find(main->name); at != std::string::npos) {
      const std::size_t start = at + main->name.size();
      path.replace(start, std::min(path.find('/', start), path.size()) - start, "<key>");
    }
  }
  return url.origin() + path + (url.query.empty() ? "" : "?…");
}

Asking::Asking(Question& question, const catalogue::Catalogue& catalogue, const Options& options,
               probe::Transport* transport, report::Report& report)
    : question_(question),
      catalogue_(catalogue),
      options_(options),
      transport_(transport),
      report_(report) {}

bool Asking::may_ask() const { return transport_ && report_.requests.size() < options_.budget; }

Result<probe::Sent> Asking::send(const http::Request& request, const http::Request& original,
                                 const http::ClientOptions& way, std::string_view probe,
                                 std::string_view why) {
  const http::Bundle alone{.exchanges = {{.request = request}}};
  const inspect::Case c(alone, catalogue_);
  options_.progress(fmt::format("{}: {}", c.url.host, why));
  auto sent = transport_->send(request, probe::options_for(request, original, way), {});
  if (!sent && sent.error().code == ErrorCode::unsendable) return sent;  // nothing left
  report_.requests.push_back({.probe = std::string(probe),
                              .reason = std::string(why),
                              .method = request.method,
                              .url = shown_url(c.url, c.main),
                              .status = sent ? sent->exchange.response.status : 0});
  return sent;
}

http::Exchange Asking::keep(const http::Request& request, probe::Sent sent) {
  if (sent.body_truncated) {
    report_.notes.push_back(
        "The answer was not read to its end: it is too long, too slow, or broke off.");
  }
  http::Exchange exchange = std::move(sent.exchange);
  if (!exchange.time) exchange.time = now();
  exchange.remote_address = sent.remote_ip;
  exchange.tls_subject = sent.tls_subject;
  exchange.tls_issuer = sent.tls_issuer;
  exchange.proxy_answered = sent.proxy_answered;
  // What was asked for, not what the library made of it: a defect of the key is in the former.
  exchange.request = request;
  return exchange;
}

std::optional<Error> Asking::ask_original() {
  if (!transport_) {
    return Error{ErrorCode::unreadable,
                 "there is no answer to look at, and --offline forbids asking for one",
                 "add --response FILE with what curl -i printed, or leave --offline out"};
  }
  const http::Request original = question_.bundle.failure().request;
  const http::Request request = probe::harmless(original, options_.replay);
  const bool same_method = request.method == original.method;
  auto sent = send(request, request, question_.options, "as-is",
                   same_method ? "The request as it is." : "It as a GET.");
  if (!sent) return sent.error();
  if (!same_method) {
    report_.notes.push_back(
        fmt::format("{} was not repeated; a GET was sent in its place (--replay repeats it).",
                    original.method));
  }
  http::Exchange exchange = keep(request, std::move(*sent));
  if (is_let_through(exchange, same_method)) {
    stand_in_ = std::move(exchange);
    return {};
  }
  question_.bundle.exchanges = {std::move(exchange)};
  question_.bundle.failing = 0;
  question_.answered = true;
  if (question_.options.follow_redirects) return follow_redirects(request);
  return {};
}

// A GET that is refused is refused for the same reason as the POST that was meant, most likely.
// Anything else that it gets, a 404 or 405 above all, tells nothing of the POST.
bool Asking::is_let_through(const http::Exchange& exchange, bool same_method) const {
  if (same_method)
    return is_mended_on_the_way(exchange.request) && !is_refused(exchange, catalogue_);
  const int status = exchange.response.status;
  const bool success = status >= 200 && status < 300;
  return success ? !is_refused(exchange, catalogue_) : !http::is_refusal(status);
}

std::optional<Error> Asking::follow_redirects(const http::Request& original) {
  auto& exchanges = question_.bundle.exchanges;
  while (is_redirect(exchanges.back().response)) {
    const http::Request request = next_request(exchanges.back());
    if (const auto ok = may_follow(request, original); !ok) {
      report_.notes.push_back(fmt::format("The redirect to {} was not followed: {}.",
                                          http::parse_url(request.url).origin(),
                                          ok.error().message));
      break;
    }
    const auto seen = [&](const http::Exchange& e) {
      return e.request.url == request.url && e.request.method == request.method;
    };
    if (!may_ask() || std::ranges::any_of(exchanges, seen)) {
      return Error{
          ErrorCode::unreachable,
          fmt::format("the redirects lead nowhere within {} requests", report_.requests.size()),
          "ask without -L and look at the Location header"};
    }
    auto sent = send(request, original, question_.options, "redirect",
                     fmt::format("Step {} of the redirect.", exchanges.size()));
    if (!sent) return sent.error();
    exchanges.push_back(keep(request, std::move(*sent)));
  }
  question_.bundle.failing = http::failing_exchange(exchanges);
  // A chain that ends well is no failure, whatever its first step was.
  const int last = exchanges.back().response.status;
  if (last >= 200 && last < 300) question_.bundle.failing = exchanges.size() - 1;
  return {};
}

Result<void> Asking::may_follow(const http::Request& next, const http::Request& original) const {
  const bool carries =
      !credential::find_credentials(next).empty() || url_holds_secret_of(next, original);
  return probe::allowed_after_redirect(next, original, carries, options_.replay);
}

Result<http::Exchange> Asking::ask(const probe::Choice& choice, const inspect::Case& failure) {
  const auto ok = probe::allowed(choice.request, failure.request, choice.probe->carries_credential,
                                 options_.replay, hosts_of(failure.provider));
  if (!ok) return std::unexpected(ok.error());
  if (choice.wait.count() > 0) {
    options_.progress(fmt::format("waiting {}, as the server asked for",
                                  base::count_of(choice.wait.count(), "second")));
    transport_->pause(choice.wait);
  }
  auto sent =
      send(choice.request, failure.request, choice.options, choice.probe->name, choice.probe->why);
  if (!sent) return std::unexpected(sent.error());
  return std::move(sent->exchange);
}

}  // namespace locksmith::doctor
