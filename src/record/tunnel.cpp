#include "record/tunnel.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "record/client_hello.hpp"
#include "record/dial.hpp"
#include "record/observer.hpp"
#include "record/openssl.hpp"
#include "record/pump.hpp"
#include "record/tap.hpp"

namespace locksmith::record {
namespace {

constexpr int hello_timeout_ms = 60'000;
constexpr int handshake_timeout_ms = 60'000;
constexpr std::string_view opened = "HTTP/1.1 200 Connection established\r\n\r\n";

enum class First { client, server, nobody };

// Who speaks first tells protocols apart: in HTTP and TLS it is the client.
First first_to_speak(const Stream& client, const Stream& server, int stop) {
  if (client.has_unread()) return First::client;
  if (server.has_unread()) return First::server;
  pollfd waited[3] = {
      {client.socket(), POLLIN, 0}, {server.socket(), POLLIN, 0}, {stop, POLLIN, 0}};
  while (::poll(waited, 3, -1) < 0 && errno == EINTR) {
  }
  if (waited[2].revents != 0) return First::nobody;
  return waited[0].revents != 0 ? First::client : First::server;
}

// Reads on until `enough` says so; what was read is put back. False at the end of the stream.
template <class Enough>
bool peek(Stream& client, std::string& seen, int stop, Enough enough) {
  while (!enough(seen)) {
    std::array<char, 16384> buffer;
    std::size_t count = 0;
    const Io io = client.read(buffer.data(), buffer.size(), count);
    seen.append(buffer.data(), count);
    if (io == Io::done) continue;
    if (io == Io::want_read &&
        wait_for(client.socket(), false, stop, hello_timeout_ms) == Wait::ready)
      continue;
    client.unread(seen);
    return false;
  }
  client.unread(seen);
  return true;
}

bool shake_hands(Stream& stream, int stop) {
  for (;;) {
    const Io io = stream.handshake();
    if (io == Io::done) return true;
    if (io != Io::want_read && io != Io::want_write) return false;
    if (wait_for(stream.socket(), io == Io::want_write, stop, handshake_timeout_ms) != Wait::ready)
      return false;
  }
}

class Tunnel {
 public:
  Tunnel(Stream client, Target target, const Surroundings& around)
      : client_(std::move(client)), target_(std::move(target)), around_(around) {}

  void serve() {
    if (!open()) return;
    if (!write_all(client_, opened, around_.stop, hello_timeout_ms)) return;
    if (around_.ledger.is_left_alone(target_.host))
      return around_.ledger.note_passed(target_.host), pass_on();
    const First first = first_to_speak(client_, server_, around_.stop);
    if (first == First::nobody) return;
    if (first == First::server) return leave(NoteKind::not_http, "the server speaks first");
    std::string seen;
    if (!peek(client_, seen, around_.stop,
              [](const std::string& bytes) { return bytes.size() >= 3; }))
      return pass_on();
    constexpr std::string_view tls_handshake = "\x16\x03";  // RFC 8446 section 5.1
    if (seen.starts_with(tls_handshake)) return intercept();
    if (seen.starts_with("PRI")) return leave(NoteKind::http2_only, "HTTP/2 without TLS");
    target_.tls = false;
    observe();
  }

 private:
  bool dial_server() {
    auto dialled = dial(target_, around_.upstream.proxy_for(target_), around_.stop);
    if (!dialled) {
      fault_ = std::move(dialled.error());
      return false;
    }
    server_ = std::move(dialled->stream);
    remote_address_ = std::move(dialled->remote_address);
    return true;
  }

  bool open() {
    if (dial_server()) return true;
    if (fault_.answer.empty()) {
      around_.ledger.note(NoteKind::unreachable, target_.host, fault_.reason);
      write_all(client_, bad_gateway(fault_.reason), around_.stop, hello_timeout_ms);
    } else {
      // The user's own proxy refused; its answer is for the client, and a refusal to diagnose.
      RecordingTap tap(target_, remote_address_, around_.ledger);
      std::string ignored;
      tap.from_client(fault_.request, ignored);
      tap.from_server(fault_.answer, ignored);
      write_all(client_, fault_.answer, around_.stop, hello_timeout_ms);
    }
    client_.end_writing();
    return false;
  }

  void intercept() {
    std::string bytes;
    ClientHello hello;
    HelloState state = HelloState::incomplete;
    peek(client_, bytes, around_.stop, [&](const std::string& seen) {
      return (state = read_client_hello(seen, hello)) != HelloState::incomplete;
    });
    if (state != HelloState::complete)
      return leave(NoteKind::not_http, "its TLS greeting cannot be read");
    if (!hello.takes_http1())
      return leave(NoteKind::http2_only, "it offers " + hello.protocols.front() + " alone");
    const std::string name = hello.server_name.empty() ? target_.host : hello.server_name;
    SSL_CTX* as_server = around_.authority.server_context(name);
    if (!as_server) return leave(NoteKind::not_http, "its host name is not one");
    if (!greet_server(hello, name)) return;
    client_.start_server(as_server);
    if (!shake_hands(client_, around_.stop)) return note_refusal();
    observe();
  }

  // TLS with the server, before the client is answered: if it does not come about, the client can
  // still do without us.
  bool greet_server(const ClientHello& hello, const std::string& name) {
    server_.start_client(around_.to_servers.get(), hello.server_name, name,
                         !hello.protocols.empty());
    bool asked = false;  // for a client certificate: a client's callback runs then only
                         // (SSL_CTX_set_cert_cb(3))
    SSL_set_cert_cb(server_.ssl(), &Tunnel::on_certificate_request, &asked);
    const bool done = shake_hands(server_, around_.stop);
    if (done && !asked) return true;
    const long verdict = SSL_get_verify_result(server_.ssl());
    const std::string reason =
        verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : openssl_error();
    if (!dial_server())
      return around_.ledger.note(NoteKind::unreachable, target_.host, fault_.reason), false;
    leave(asked ? NoteKind::client_certificate : NoteKind::server_untrusted, asked ? "" : reason);
    return false;
  }

  static int on_certificate_request(SSL*, void* asked) {
    *static_cast<bool*>(asked) = true;
    return 1;
  }

  // From now on this host's connections are not touched, so that the program works.
  void note_refusal() {
    const std::string reason = openssl_error();
    if (wait_for(around_.stop, false, around_.stop, 0) == Wait::stopped) return;
    around_.ledger.note(NoteKind::certificate_refused, target_.host, reason);
    around_.ledger.leave_alone(target_.host);
  }

  void observe() {
    const bool over_tls = client_.ssl() != nullptr;
    RecordingTap tap(target_, remote_address_, around_.ledger);
    const PumpEnd end = pump(client_, server_, tap, {}, around_.stop);
    if (tap.saw_client()) {
      if (!tap.saw_request())
        around_.ledger.note(NoteKind::not_http, target_.host, "another protocol");
    } else if (over_tls && end == PumpEnd::closed && !around_.ledger.was_heard(target_.host)) {
      // Some clients judge the certificate when the handshake is over.
      around_.ledger.note(NoteKind::closed_unused, target_.host);
      around_.ledger.leave_alone(target_.host);
    }
  }

  void leave(NoteKind kind, const std::string& detail) {
    around_.ledger.note(kind, target_.host, detail);
    pass_on();
  }

  void pass_on() {
    Tap tap;
    pump(client_, server_, tap, {}, around_.stop);
  }

  Stream client_, server_;
  Target target_;
  const Surroundings& around_;
  std::string remote_address_;
  DialFault fault_;
};

}  // namespace

std::string bad_gateway(const std::string& reason) {
  const std::string body = "locksmith record cannot reach the server: " + reason + "\n";
  return "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nConnection: "
         "close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void serve_tunnel(Stream client, const Head& connect, const Surroundings& surroundings) {
  auto target = parse_authority(connect.target);
  if (!target) {
    write_all(client, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
              surroundings.stop, hello_timeout_ms);
    return client.end_writing();
  }
  target->tls = true;  // until its first bytes say otherwise
  Tunnel(std::move(client), std::move(*target), surroundings).serve();
}

}  // namespace locksmith::record
