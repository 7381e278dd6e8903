// The transfer over libcurl: options in, callbacks, outcome.
#include "probe/transport.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <string_view>

#include "base/text.hpp"
#include "http/url.hpp"
#include "probe/curl_options.hpp"
#include "probe/unreachable.hpp"
#include "probe/wire.hpp"

namespace locksmith::probe {
namespace {

using http::ClientOptions;
using http::Request;

class Transfer : private CurlHandle {
 public:
  Transfer(const CurlLibrary& curl, const Request& request, const Limits& limits,
           std::stop_token stop)
      : CurlHandle(curl), request_(request), limits_(limits), stop_(std::move(stop)) {}

  Result<Sent> run(const ClientOptions& options, const std::vector<std::string>& header_lines);
  // A handshake only: it sends no request, so that an untrusted server can be asked who it is.
  void read_certificate(const ClientOptions& options, Failure& failure);

 private:
  void set_callbacks();
  bool answered() const;
  Sent sent();
  Failure failure(CURLcode code, const ClientOptions& options) const;

  static std::size_t on_head(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
  static int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address);

  const Request& request_;
  const Limits limits_;
  const std::stop_token stop_;

  http::Response response_;
  bool head_complete_ = false, head_too_long_ = false, body_too_long_ = false;
  std::size_t head_bytes_ = 0;
  std::string sent_head_;
  Failure handshake_;  // what the TLS messages said
  std::vector<std::string> addresses_;
};

std::size_t Transfer::on_head(char* data, std::size_t, std::size_t size, void* self) {
  Transfer& t = *static_cast<Transfer*>(self);
  const std::string_view line(data, size);
  t.head_bytes_ += size;
  t.head_too_long_ = t.head_bytes_ > t.limits_.max_header_bytes;
  if (t.head_too_long_) return 0;
  if (line.starts_with("HTTP/")) t.head_complete_ = false;
  if (line == "\r\n" || line == "\n") t.head_complete_ = true;
  add_head_line(t.response_, line);
  return size;
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  Transfer& t = *static_cast<Transfer*>(self);
  const std::size_t room = t.limits_.max_body_bytes - t.response_.body.size();
  t.body_too_long_ = size > room;
  t.response_.body.append(data, std::min(size, room));
  return t.body_too_long_ ? 0 : size;
}

int Transfer::on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
  Transfer& t = *static_cast<Transfer*>(self);
  const std::string_view text(data, size);
  if (type == CURLINFO_TEXT) read_tls_line(text, t.handshake_);
  if (type != CURLINFO_HEADER_OUT) return 0;
  // A large head arrives in pieces; CONNECT, and a second try on a stale connection, start anew.
  if (text.starts_with(t.request_.method + " ") || text.starts_with("CONNECT "))
    t.sent_head_.clear();
  t.sent_head_ += text;
  return 0;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(self)->stop_.stop_requested() ? 1 : 0;
}

// Opens the socket as libcurl would; the reason to do it here is to learn the address.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
  if (getnameinfo(&address->addr, address->addrlen, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) == 0 &&
      address->family != AF_UNIX) {
    const std::string_view name = host;
    static_cast<Transfer*>(self)->addresses_.push_back(
        (name.contains(':') ? "[" + std::string(name) + "]" : std::string(name)) + ":" + port);
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::set_callbacks() {
  set(CURLOPT_HEADERFUNCTION, &on_head);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_VERBOSE, 1);
  set(CURLOPT_DEBUGFUNCTION, &on_debug);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_NOPROGRESS, 0);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
}

Result<Sent> Transfer::run(const ClientOptions& options,
                           const std::vector<std::string>& header_lines) {
  if (stop_.stop_requested())
    return std::unexpected(explain(failure(CURLE_ABORTED_BY_CALLBACK, options)));
  set_request(*this, request_, header_lines, options);
  set_way(*this, options);
  set_tls(*this, options);
  set_limits(*this, limits_, options);
  set_callbacks();
  if (const auto refused = refused_option())
    return std::unexpected(explain(failure(*refused, options)));
  const auto started = std::chrono::system_clock::now();
  const CURLcode code = perform();
  if (code == CURLE_ABORTED_BY_CALLBACK || head_too_long_ || !answered()) {
    Failure why = failure(code, options);
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
      Transfer(library(), request_, limits_, stop_).read_certificate(options, why);
    }
    return std::unexpected(explain(why));
  }
  // A status and headers are an answer, whatever became of the body.
  Sent result = sent();
  result.body_truncated = code != CURLE_OK && !result.proxy_answered;
  result.exchange.partial = code != CURLE_OK;
  result.exchange.time = std::chrono::floor<std::chrono::seconds>(started);
  return result;
}

void Transfer::read_certificate(const ClientOptions& options, Failure& failure) {
  ClientOptions open = options;
  open.insecure = true;
  open.client_cert.clear();
  open.client_key.clear();
  const std::string origin = http::parse_url(request_.url).origin();
  set(CURLOPT_URL, origin);
  set_way(*this, open);
  set_tls(*this, open);
  set_limits(*this, limits_, open);
  set_callbacks();
  set(CURLOPT_CONNECT_ONLY, 1);
  if (perform() != CURLE_OK) return;
  failure.tls_subject = certificate_field("Subject:");
  failure.tls_issuer = certificate_field("Issuer:");
  failure.tls_expires = certificate_field("Expire date:");
}

bool Transfer::answered() const {
  if (!head_complete_) return false;
  // RESPONSE_CODE leaves out what a proxy says to CONNECT; a tunnel that was made is no answer yet.
  return get<long>(CURLINFO_RESPONSE_CODE) >= 200 || get<long>(CURLINFO_HTTP_CONNECTCODE) >= 300;
}

Sent Transfer::sent() {
  Sent out;
  out.proxy_answered = response_.status == 407 || get<long>(CURLINFO_RESPONSE_CODE) == 0;
  out.exchange.request =
      sent_head_.starts_with("CONNECT ") ? request_ : wire_request(sent_head_, request_);
  out.exchange.response = std::move(response_);
  out.remote_ip = get_text(CURLINFO_PRIMARY_IP);
  out.remote_port = static_cast<int>(get<long>(CURLINFO_PRIMARY_PORT));
  out.exchange.remote_address = out.remote_ip;
  const std::string& version = out.exchange.response.version;
  out.http_version = version.substr(std::min(version.size(), version.find('/') + 1));
  out.tls_subject = certificate_field("Subject:");
  out.tls_issuer = certificate_field("Issuer:");
  out.tls_error = certificate_fault(get<long>(CURLINFO_SSL_VERIFYRESULT));
  out.seconds = get<double>(CURLINFO_TOTAL_TIME);
  out.addresses = addresses_;
  return out;
}

Failure Transfer::failure(CURLcode code, const ClientOptions& options) const {
  const http::Url url = http::parse_url(request_.url);
  Failure out = handshake_;
  out.certificate_sent = !options.client_cert.empty();
  out.code = code;
  out.host = url.host;
  out.port = url.port_number();
  if (!options.proxy.empty()) out.proxy = http::parse_url(options.proxy).host;
  out.addresses = addresses_;
  out.name_resolved = get<double>(CURLINFO_NAMELOOKUP_TIME) > 0 || !addresses_.empty();
  out.connected = get<double>(CURLINFO_CONNECT_TIME) > 0;
  out.request_sent = get<double>(CURLINFO_PRETRANSFER_TIME) > 0;
  out.interrupted = code == CURLE_ABORTED_BY_CALLBACK;
  // libcurl itself stops at 100 KiB in one line, and at 300 KiB in all.
  out.too_many_headers =
      head_too_long_ || (head_bytes_ > 0 && !head_complete_ &&
                         (code == CURLE_OUT_OF_MEMORY || head_bytes_ > (200 << 10)));
  out.verify_result = get<long>(CURLINFO_SSL_VERIFYRESULT);
  out.seconds = get<double>(CURLINFO_TOTAL_TIME);
  return out;
}

// What libcurl adds by itself and the command does not want ("-H 'User-Agent:'"): a name and a
// colon.
void add_removed(std::vector<std::string>& lines, const Request& request,
                 const ClientOptions& options) {
  for (const std::string& name : options.removed_headers) {
    const bool plain = name.find_first_of(std::string_view(":\r\n\0", 4)) == std::string::npos;
    if (plain && !name.empty() && !request.headers.has(name)) lines.push_back(name + ":");
  }
}

class CurlTransport : public Transport {
 public:
  explicit CurlTransport(std::stop_token stop) : stop_(std::move(stop)) {}

  Result<Sent> send(const Request& request, const ClientOptions& options,
                    const Limits& limits) override {
    auto lines = header_lines(request);
    if (!lines) return std::unexpected(lines.error());
    add_removed(*lines, request, options);
    const auto curl = curl_library();
    if (!curl) return std::unexpected(curl.error());
    return Transfer(**curl, request, limits, stop_).run(options, *lines);
  }

  std::vector<std::string> addresses_of(const std::string& host) override {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    std::vector<std::string> addresses;
    for (const addrinfo* each = found; each; each = each->ai_next) {
      std::array<char, NI_MAXHOST> text{};
      if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) == 0)
        addresses.emplace_back(text.data());
    }
    ::freeaddrinfo(found);
    return addresses;
  }

  void pause(std::chrono::seconds time) override {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    wake.wait_for(lock, stop_, time, [] { return false; });
  }

 private:
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<Transport> curl_transport(std::stop_token stop) {
  return std::make_unique<CurlTransport>(std::move(stop));
}

}  // namespace locksmith::probe
