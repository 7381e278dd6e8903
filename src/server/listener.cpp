// Plain sockets: the event loops get descriptors that listen already.
#include "server/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace locksmith::server {
namespace {

constexpr int backlog = 4096;

std::unexpected<Error> cannot(const std::string& where, int error) {
  return fail(ErrorCode::unreachable,
              fmt::format("cannot listen on {}: {}", where, strerror(error)));
}

struct Name {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&storage); }
};

Name tcp_name(const ListenAddress& address) {
  Name name;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&name.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&name.storage);
  if (::inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    name.size = sizeof *v4;
  } else if (::inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    name.size = sizeof *v6;
  }
  return name;
}

Result<base::Descriptor> listen_tcp(ListenAddress& address) {
  const auto where = fmt::format("{}:{}", address.host, address.port);
  Name name = tcp_name(address);
  base::Descriptor socket(
      ::socket(name.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot(where, errno);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // connections inherit it
  if (::bind(socket.get(), name.address(), name.size) != 0 || ::listen(socket.get(), backlog) != 0)
    return cannot(where, errno);
  if (address.port == 0) {
    socklen_t size = sizeof name.storage;
    ::getsockname(socket.get(), name.address(), &size);
    // The port stands at the same place for both families.
    address.port = ntohs(reinterpret_cast<sockaddr_in*>(&name.storage)->sin_port);
  }
  return socket;
}

Result<void> remove_stale(const std::string& path, Name& name) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode))
    return fail(ErrorCode::unreachable, fmt::format("{} is there and is no socket", path));
  const base::Descriptor caller(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const bool served =
      ::connect(caller.get(), name.address(), name.size) == 0 || errno != ECONNREFUSED;
  if (served)
    return fail(ErrorCode::unreachable, fmt::format("somebody serves {} already", path),
                "stop the other locksmithd, or listen somewhere else");
  ::unlink(path.c_str());
  return {};
}

Result<base::Descriptor> listen_unix(const ListenAddress& address) {
  Name name;
  auto* un = reinterpret_cast<sockaddr_un*>(&name.storage);
  un->sun_family = AF_UNIX;
  if (address.host.size() >= sizeof un->sun_path)
    return fail(ErrorCode::usage,
                fmt::format("the path of a unix socket is too long: {}", address.host));
  std::memcpy(un->sun_path, address.host.c_str(), address.host.size() + 1);
  name.size = sizeof *un;
  if (auto free = remove_stale(address.host, name); !free) return std::unexpected(free.error());
  base::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot(address.host, errno);
  const mode_t before = ::umask(0117);  // 0660 from its first moment on; no other thread runs yet
  const bool bound = ::bind(socket.get(), name.address(), name.size) == 0;
  const int error = errno;
  ::umask(before);
  if (!bound) return cannot(address.host, error);
  if (::listen(socket.get(), backlog) != 0) return cannot(address.host, errno);
  return socket;
}

}  // namespace

Result<ListenAddress> parse_listen(const std::string& text) {
  const auto bad = [&] {
    return fail(ErrorCode::usage, fmt::format("cannot listen on \"{}\"", text),
                "write 127.0.0.1:8411, [::1]:8411 or unix:/run/locksmith/locksmith.sock");
  };
  if (text.starts_with("unix:")) {
    if (text.size() == 5) return bad();
    return ListenAddress{true, text.substr(5), 0};
  }
  const auto colon = text.rfind(':');
  if (colon == text.npos) return bad();
  ListenAddress address{false, text.substr(0, colon), 0};
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc{} || stop != end || tcp_name(address).size == 0) return bad();
  return address;
}

Result<base::Descriptor> listen_on(ListenAddress& address) {
  return address.unix_socket ? listen_unix(address) : listen_tcp(address);
}

}  // namespace locksmith::server
