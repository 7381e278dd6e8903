#include "record/forward.hpp"

#include <utility>

#include "base/text.hpp"
#include "http/url.hpp"
#include "record/dial.hpp"
#include "record/openssl.hpp"
#include "record/tap.hpp"
#include "record/tunnel.hpp"

namespace locksmith::record {
namespace {

constexpr int write_timeout_ms = 60'000;
constexpr std::string_view not_for_a_proxy =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
    "42\r\n\r\n"
    "This is the proxy of a locksmith record.\r\n";

// Passes requests on as long as they lead to one server. The first that leads elsewhere stays in
// carried(), with all that follows it, and the tap leaves when the answers before it are through.
class ForwardTap final : public RecordingTap {
 public:
  ForwardTap(const Target& target, const UpstreamProxy* proxy, std::string remote_address,
             Ledger& ledger)
      : RecordingTap(target, std::move(remote_address), ledger), target_(target), proxy_(proxy) {}

  void from_client(std::string_view bytes, std::string& to_server) override {
    if (holding_) {
      carried_.append(bytes);
      return;
    }
    while (!opaque_) {
      const MessageReader::Step step = reader_.next(bytes);
      const std::string_view raw = bytes.substr(0, step.consumed);
      held_.append(raw);
      if (step.event == MessageReader::Event::opaque) break;
      bytes.remove_prefix(step.consumed);
      if (step.event == MessageReader::Event::more && reader_.reading_head()) return;
      if (step.event == MessageReader::Event::head && !leads_here()) {
        holding_ = true;
        carried_ = std::exchange(held_, {}) + std::string(bytes);
        return;
      }
      pass(step.event == MessageReader::Event::head, to_server);
      if (step.event == MessageReader::Event::more && bytes.empty()) return;
    }
    opaque_ = true;
    pass(false, to_server);
    to_server.append(bytes);
  }

  void from_server(std::string_view bytes, std::string& to_client) override {
    RecordingTap::from_server(bytes, to_client);
    opaque_ |= observer().blind();  // an upgrade: what the client sends now is no request
  }

  bool holds_client() const override { return holding_; }
  bool leaves() const override { return holding_ && observer().idle(); }
  std::string carried() { return std::move(carried_); }

 private:
  bool leads_here() const {
    const auto target = target_of_url(reader_.head().target);
    return target && target->origin() == target_.origin();
  }

  // What is recorded is what leaves.
  void pass(bool head, std::string& to_server) {
    RecordingTap::from_client(head ? forwarded_head(reader_.head(), proxy_) : held_, to_server);
    held_.clear();
  }

  Target target_;
  const UpstreamProxy* proxy_;
  MessageReader reader_{Side::request};
  std::string held_, carried_;
  bool holding_ = false, opaque_ = false;
};

bool shake_hands(Stream& server, const Target& target, const Surroundings& around) {
  const bool is_name = target.host.find_first_not_of("0123456789.:abcdef") != std::string::npos;
  server.start_client(around.to_servers.get(), is_name ? target.host : "", target.host, true);
  for (;;) {
    const Io io = server.handshake();
    if (io == Io::done) return true;
    if (io != Io::want_read && io != Io::want_write) return false;
    if (wait_for(server.socket(), io == Io::want_write, around.stop, write_timeout_ms) !=
        Wait::ready)
      return false;
  }
}

// A request for an https URL by a proxy in plain: axios does so. Only then TLS starts here.
std::expected<Dialled, DialFault> connect(const Target& target, const UpstreamProxy* proxy,
                                          const Surroundings& around) {
  if (!target.tls && proxy) return dial_proxy(*proxy, around.stop);
  auto dialled = dial(target, proxy, around.stop);
  if (!dialled || !target.tls) return dialled;
  if (!shake_hands(dialled->stream, target, around))
    return std::unexpected(DialFault{target.host + ": " + openssl_error(), {}, {}});
  return dialled;
}

bool refuse(Stream& client, std::string_view answer, const Surroundings& around) {
  write_all(client, answer, around.stop, write_timeout_ms);
  client.end_writing();
  return false;
}

// One server's share of the connection. True when the client is to be served further; `early` then
// holds what it has sent.
bool serve_one(Stream& client, std::string& early, const Surroundings& around) {
  MessageReader reader(Side::request);
  const MessageReader::Step step = reader.next(early);
  const auto target =
      step.event == MessageReader::Event::head ? target_of_url(reader.head().target) : std::nullopt;
  if (!target) return refuse(client, not_for_a_proxy, around);
  const UpstreamProxy* proxy = around.upstream.proxy_for(*target);
  auto server = connect(*target, proxy, around);
  if (!server) {
    around.ledger.note(NoteKind::unreachable, target->host, server.error().reason);
    return refuse(
        client,
        server.error().answer.empty() ? bad_gateway(server.error().reason) : server.error().answer,
        around);
  }
  ForwardTap tap(*target, target->tls ? nullptr : proxy, server->remote_address, around.ledger);
  std::string to_server;
  tap.from_client(early, to_server);
  if (pump(client, server->stream, tap, std::move(to_server), around.stop) != PumpEnd::left)
    return false;
  early = tap.carried();
  return true;
}

// The lines of a head that were meant for this proxy alone (RFC 9110 section 11.7.1; the other was
// never standardised).
bool is_ours(std::string_view line, const UpstreamProxy* proxy) {
  const std::string_view name = base::trim(line.substr(0, line.find(':')));
  return base::equals_ignoring_case(name, "Proxy-Connection") ||
         (!proxy && base::equals_ignoring_case(name, "Proxy-Authorization"));
}

}  // namespace

std::optional<Target> target_of_url(std::string_view text) {
  const http::Url url = http::parse_url(text);
  const bool absolute = base::find_ignoring_case(text, url.scheme + "://") == 0;
  if (!absolute || (url.scheme != "http" && url.scheme != "https") || url.host.empty()) return {};
  const int port = url.port_number();
  if (port <= 0 || port > 65535) return {};
  return Target{
      .host = url.host, .port = static_cast<std::uint16_t>(port), .tls = url.scheme == "https"};
}

std::string forwarded_head(const Head& head, const UpstreamProxy* proxy) {
  std::string_view rest = head.raw;
  while (rest.starts_with('\r') || rest.starts_with('\n')) rest.remove_prefix(1);
  const std::size_t line_end = rest.find('\n');
  rest.remove_prefix(line_end + 1);
  std::string target = head.target;
  if (!proxy) {  // origin form: what stands behind the authority, byte for byte
    const std::size_t authority = target.find("://") + 3;
    const std::size_t path = target.find_first_of("/?", authority);
    target = path == std::string::npos ? "/" : target.substr(path);
    if (target.starts_with('?')) target.insert(0, "/");
  }
  std::string out = head.method + " " + target + " " + head.version + "\r\n";
  if (proxy && !proxy->authorization.empty() && !head.headers.has("Proxy-Authorization"))
    out += "Proxy-Authorization: " + proxy->authorization + "\r\n";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (!is_ours(rest.substr(0, end), proxy)) out += rest.substr(0, end);
    rest.remove_prefix(end);
  }
  return out;
}

void serve_forward(Stream client, std::string early, const Surroundings& surroundings) {
  while (serve_one(client, early, surroundings)) {
  }
}

}  // namespace locksmith::record
