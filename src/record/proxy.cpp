#include "record/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

#include "record/connection.hpp"
#include "record/peer.hpp"

namespace locksmith::record {
namespace {

// Beyond it new connections wait in the kernel's queue.
constexpr std::size_t most_connections = 4000;

class Listener final : public Proxy {
 public:
  Listener(Authority& authority, std::shared_ptr<SSL_CTX> to_servers, const Upstream& upstream,
           Ledger& ledger)
      : stop_(::eventfd(0, EFD_CLOEXEC)),
        around_{authority, std::move(to_servers), upstream, ledger, stop_} {}

  ~Listener() override {
    stop();
    if (listening_ >= 0) ::close(listening_);
    ::close(stop_);
  }

  bool listen() {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listening_ < 0 || ::bind(listening_, generic, size) != 0 ||
        ::listen(listening_, SOMAXCONN) != 0 || ::getsockname(listening_, generic, &size) != 0)
      return false;
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this] { accept_all(); });
    return true;
  }

  std::uint16_t port() const override { return port_; }

  void stop() override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_, &one, sizeof one);
    if (acceptor_.joinable()) acceptor_.join();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ == 0; });
  }

 private:
  void accept_all() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(100),
                          [this] { return open_ < most_connections; });
        if (open_ >= most_connections && !stopped()) continue;
      }
      pollfd waited[2] = {{listening_, POLLIN, 0}, {stop_, POLLIN, 0}};
      if (::poll(waited, 2, -1) < 0 && errno != EINTR) return;
      if (waited[1].revents != 0) return;
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      const int socket =
          ::accept4(listening_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
      // Out of descriptors or memory: it will pass, and must not be asked in a loop.
      if (socket < 0) wait_for(stop_, false, stop_, 50);
      if (socket >= 0) begin(Stream(socket), ntohs(peer.sin_port));
    }
  }

  bool stopped() const {
    pollfd waited{stop_, POLLIN, 0};
    return ::poll(&waited, 1, 0) > 0;
  }

  void begin(Stream client, std::uint16_t peer_port) {
    {
      const std::lock_guard lock(mutex_);
      ++open_;
    }
    // Detached, and counted: stop() waits for all of them.
    try {
      serve_in_thread(std::move(client), peer_port);
    } catch (const std::system_error&) {  // no thread can be had: the connection is closed
      const std::lock_guard lock(mutex_);
      --open_;
    }
  }

  void serve_in_thread(Stream client, std::uint16_t peer_port) {
    std::thread([this, client = std::move(client), peer_port]() mutable {
      if (peer_owner(peer_port, port_) == ::geteuid()) {
        around_.ledger.count_connection();
        serve(std::move(client), around_);
      } else {
        around_.ledger.count_stranger();
        client.reset();
      }
      const std::lock_guard lock(mutex_);
      --open_;
      changed_.notify_all();
    }).detach();
  }

  int stop_;
  Surroundings around_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::jthread acceptor_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
};

}  // namespace

Result<std::unique_ptr<Proxy>> Proxy::start(Authority& authority,
                                            std::shared_ptr<SSL_CTX> to_servers,
                                            const Upstream& upstream, Ledger& ledger) {
  auto listener = std::make_unique<Listener>(authority, std::move(to_servers), upstream, ledger);
  if (!listener->listen())
    return fail(
        ErrorCode::unreachable,
        std::string("the recording proxy cannot listen on 127.0.0.1: ") + std::strerror(errno));
  return listener;
}

}  // namespace locksmith::record
