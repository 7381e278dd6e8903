// Puts exchanges together from what was printed of them: which request each response answers, and
// where a redirect led.
#include "http/raw_exchange.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "http/transcript.hpp"
#include "http/url.hpp"

namespace locksmith::http {
namespace {

constexpr std::string_view kHint =
    "give what `curl -i` or `curl -v` printed, or the response as it stood on the wire";

bool is_redirect(const Response& response) {
  return response.status >= 300 && response.status < 400 && response.headers.has("Location");
}

bool is_absolute(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

// What curl -L sends next. It turns POST into GET on 301, 302 and 303 (curl(1), --location), and
// since 7.58.0 and 7.83.0 (CVE-2022-27774) sends credentials only to the same scheme, host and
// port.
Request follow(const Request& request, int status, std::string url) {
  Request next = request;
  const bool to_get = status == 303 ? request.method != "HEAD"
                                    : (status == 301 || status == 302) && request.method == "POST";
  if (to_get) {
    next.method = "GET";
    next.body.clear();
    for (const char* name : {"Content-Type", "Content-Length"}) next.headers.remove(name);
  }
  next.headers.remove("Host");
  if (parse_url(request.url).origin() != parse_url(url).origin()) {
    for (const char* name : {"Authorization", "Cookie"}) next.headers.remove(name);
  }
  next.url = std::move(url);
  return next;
}

// A raw request does not tell its scheme: https, unless the host is this machine or the port says
// otherwise.
std::string guess_scheme(std::string_view host, std::optional<bool> tls) {
  if (tls) return *tls ? "https" : "http";
  const Url url = parse_url(host);
  const bool https_port = url.port.empty() || url.port == "443" || url.port == "8443";
  return is_loopback(url.host) || !https_port ? "http" : "https";
}

class Assembler {
 public:
  explicit Assembler(const Request* asked) {
    if (asked) current_ = *asked;
  }

  Bundle assemble(Transcript transcript) {
    for (std::size_t i = 0; i < transcript.size(); ++i) {
      TranscriptMessage& message = transcript[i];
      if (message.is_request) {
        take_request(std::move(message));
      } else {
        const bool more = i + 1 < transcript.size() && !transcript[i + 1].is_request;
        take_response(std::move(message), more);
      }
    }
    // Whatever was sent is an exchange, also when only interim answers came.
    const bool interim_only = bundle_.exchanges.empty() && current_ && !transcript.empty();
    if (unanswered_ || interim_only) add({}, {}, true);
    bundle_.failing = bundle_.exchanges.empty() ? 0 : failing_exchange(bundle_.exchanges);
    return std::move(bundle_);
  }

 private:
  void take_request(TranscriptMessage message) {
    if (unanswered_) add({}, {}, true);
    unanswered_ = true;
    tunnel_ = message.request.method == "CONNECT";
    if (!message.headers_known) {
      if (!current_) current_.emplace();
      if (asked_url_is_better(message.url)) return;
      current_ = follow(*current_, last_status(), std::move(message.url));
      return;
    }
    Request sent = std::move(message.request);
    if (tunnel_) {  // the request itself comes later; only a refused tunnel is an exchange
      before_tunnel_ = current_;
      if (sent.url.ends_with(":443")) sent.url.resize(sent.url.size() - 4);
      sent.url = current_ ? current_->url : "https://" + sent.url + "/";
      current_ = std::move(sent);
      return;
    }
    if (before_tunnel_) current_ = std::exchange(before_tunnel_, std::nullopt);
    sent.url = url_of(sent, message);
    // curl -v does not show what it uploads.
    if (current_ && sent.body.empty() && sent.method == current_->method)
      sent.body = current_->body;
    current_ = std::move(sent);
  }

  std::string url_of(const Request& sent, TranscriptMessage& message) const {
    const bool first = bundle_.exchanges.empty();
    if (is_absolute(sent.url)) return sent.url;
    if (!message.url.empty()) return std::move(message.url);
    const std::string_view host = base::trim(sent.headers.get("Host"));
    if (current_ && !current_->url.empty()) {
      const Url asked = parse_url(current_->url);
      const bool same_host = host.empty() || parse_url(host).host == asked.host;
      if (first && same_host && asked.target() == sent.url) return current_->url;
      if (host.empty() || same_host) return resolve_reference(asked, sent.url);
    }
    return guess_scheme(host, message.tls) + "://" + std::string(host) + sent.url;
  }

  bool asked_url_is_better(const std::string& url) const {
    if (current_->url.empty()) return false;
    return bundle_.exchanges.empty() &&
           parse_url(url).target() == parse_url(current_->url).target();
  }

  int last_status() const {
    return bundle_.exchanges.empty() ? 0 : bundle_.exchanges.back().response.status;
  }

  void take_response(TranscriptMessage message, bool more) {
    Response& response = message.response;
    if (response.status / 100 == 1 && response.status != 101) return;  // RFC 9110 section 15.2
    const bool established =
        base::contains_ignoring_case(response.reason, "connection established");
    const bool opens_tunnel = tunnel_ || (more && (established || response.headers.empty()));
    if (response.status / 100 == 2 && opens_tunnel) {  // a proxy's answer to CONNECT
      unanswered_ = false;
      return;
    }
    if (!current_) current_.emplace();
    const bool partial = !message.complete || response.headers.empty();
    add(std::move(response), std::move(message.remote_address), partial);
    Exchange& added = bundle_.exchanges.back();
    added.tls_subject = std::move(message.tls_subject);
    added.tls_issuer = std::move(message.tls_issuer);
    added.proxy_answered = tunnel_;  // what refuses CONNECT is the proxy itself
    const Response& answer = bundle_.exchanges.back().response;
    if (more && is_redirect(answer)) {
      const std::string url =
          resolve_reference(parse_url(current_->url), base::trim(answer.headers.get("Location")));
      current_ = follow(*current_, answer.status, url);
    }
  }

  void add(Response response, std::string address, bool partial) {
    unanswered_ = false;
    Exchange exchange;
    exchange.request = *current_;
    exchange.response = std::move(response);
    exchange.partial = partial;
    exchange.remote_address = std::move(address);
    bundle_.exchanges.push_back(std::move(exchange));
  }

  Bundle bundle_;
  std::optional<Request> current_;        // what the next response answers
  std::optional<Request> before_tunnel_;  // what was asked, while a proxy is asked for a tunnel
  bool unanswered_ = false;
  bool tunnel_ = false;
};

Transcript read_transcript(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (is_curl_verbose(text)) return read_curl_verbose(text);
  if (is_wget_log(text)) return read_wget_log(text);
  return read_plain_transcript(text);
}

bool looks_like_body(std::string_view text) {
  text = base::trim(text);
  const auto enclosed = [&](char open, char close) {
    return text.starts_with(open) && text.ends_with(close);
  };
  return enclosed('{', '}') || enclosed('[', ']') || enclosed('<', '>');
}

}  // namespace

Result<Bundle> read_response(std::string_view text, const Request& request) {
  const bool verbose = is_curl_verbose(text);
  Bundle bundle = Assembler(&request).assemble(read_transcript(text));
  if (!bundle.exchanges.empty()) return bundle;
  // A connection that failed before anything was sent, or a body alone.
  if (verbose || looks_like_body(text)) {
    Exchange exchange;
    exchange.request = request;
    if (!verbose) exchange.response.body = text;
    exchange.partial = true;
    bundle.exchanges.push_back(std::move(exchange));
    return bundle;
  }
  const bool empty = base::trim(text).empty();
  return fail(ErrorCode::unreadable,
              empty ? "the response is empty" : "there is no HTTP status line in the response",
              std::string(kHint));
}

Result<Bundle> read_raw_exchange(std::string_view text) {
  Transcript transcript = read_transcript(text);
  if (base::trim(text).empty()) {
    return fail(ErrorCode::unreadable, "the exchange is empty", std::string(kHint));
  }
  if (!std::ranges::any_of(transcript, &TranscriptMessage::is_request)) {
    const bool answered = !transcript.empty();
    return fail(ErrorCode::unreadable,
                answered ? "there is a response, but not the request that it answers"
                         : "there is neither an HTTP request nor a response in it",
                "a request starts with a line such as `GET /v1/me HTTP/1.1`");
  }
  return Assembler(nullptr).assemble(std::move(transcript));
}

}  // namespace locksmith::http
