#include "record/dial.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "record/http1.hpp"

namespace locksmith::record {
namespace {

constexpr int connect_timeout_ms = 30'000;
constexpr int answer_timeout_ms = 60'000;

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

std::string numeric(const sockaddr* address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  const int failed =
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return failed ? std::string() : std::string(text.data());
}

// The errno of one attempt; 0 when it is connected.
int try_connect(Stream& stream, const addrinfo& address, int stop) {
  if (::connect(stream.socket(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (wait_for(stream.socket(), true, stop, connect_timeout_ms) != Wait::ready) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream.socket(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

std::expected<Dialled, DialFault> connect_to(const std::string& host, std::uint16_t port,
                                             int stop) {
  const addrinfo hints{
      .ai_flags = AI_ADDRCONFIG, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (const int failed =
          ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
    return std::unexpected(DialFault{host + ": " + ::gai_strerror(failed), {}, {}});
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  int error = 0;
  for (const addrinfo* address = found; address; address = address->ai_next) {
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) continue;
    Stream stream(socket);
    error = try_connect(stream, *address, stop);
    if (error == 0)
      return Dialled{std::move(stream), numeric(address->ai_addr, address->ai_addrlen)};
  }
  return std::unexpected(
      DialFault{host + ":" + std::to_string(port) + ": " + std::strerror(error), {}, {}});
}

// Reads the proxy's answer to CONNECT: all of it when it refuses, nothing behind its head
// otherwise.
std::optional<DialFault> await_tunnel(Stream& stream, int stop) {
  MessageReader reader(Side::response);
  reader.answers("CONNECT");
  std::string answer, rest;
  int status = 0;
  constexpr std::size_t most_bytes = 1 << 20;
  while (answer.size() < most_bytes) {
    std::array<char, 4096> buffer;
    std::size_t count = 0;
    const Io io = stream.read(buffer.data(), buffer.size(), count);
    if (io == Io::want_read) {
      if (wait_for(stream.socket(), false, stop, answer_timeout_ms) == Wait::ready) continue;
      break;
    }
    if (io != Io::done) break;
    answer.append(buffer.data(), count);
    std::string_view input(buffer.data(), count);
    for (;;) {
      const MessageReader::Step step = reader.next(input);
      input.remove_prefix(step.consumed);
      if (step.event == MessageReader::Event::head) status = reader.head().status;
      if (step.event == MessageReader::Event::end && status >= 200 && status < 300) {
        stream.unread(std::string(input));
        return {};
      }
      if (step.event == MessageReader::Event::end && status >= 300)
        return DialFault{"the proxy refused", {}, answer};
      if (step.event == MessageReader::Event::opaque)
        return DialFault{"the proxy does not speak HTTP", {}, {}};
      if (step.event == MessageReader::Event::more && input.empty()) break;
    }
  }
  return DialFault{"the proxy did not open a tunnel", {}, status >= 300 ? answer : ""};
}

}  // namespace

std::expected<Dialled, DialFault> dial_proxy(const UpstreamProxy& proxy, int stop) {
  return connect_to(proxy.host, proxy.port, stop);
}

std::expected<Dialled, DialFault> dial(const Target& target, const UpstreamProxy* proxy, int stop) {
  if (!proxy) return connect_to(target.host, target.port, stop);
  auto dialled = dial_proxy(*proxy, stop);
  if (!dialled) return dialled;
  const std::string name = target.authority();
  std::string request = "CONNECT " + name + " HTTP/1.1\r\nHost: " + name + "\r\n";
  if (!proxy->authorization.empty())
    request += "Proxy-Authorization: " + proxy->authorization + "\r\n";
  request += "\r\n";
  if (!write_all(dialled->stream, request, stop, answer_timeout_ms)) {
    return std::unexpected(DialFault{"the proxy closed the connection", {}, {}});
  }
  if (auto fault = await_tunnel(dialled->stream, stop)) {
    fault->request = std::move(request);
    return std::unexpected(std::move(*fault));
  }
  return dialled;
}

}  // namespace locksmith::record
