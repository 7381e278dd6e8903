// One Worker per thread; a Connection belongs to one Worker. A sweep a few times a second closes
// what is over its time: a timer per connection would cost as much as an answer.
#include "server/http_engine.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <list>
#include <thread>
#include <utility>

#include "server/connection.hpp"
#include "server/event_loop.hpp"
#include "server/listener.hpp"
#include "server/slow_lane.hpp"

namespace locksmith::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto sweep_interval = std::chrono::milliseconds(200);
constexpr int accepted_at_once = 8;

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

// IPv4 as ::ffff:a.b.c.d, like everywhere in authority.
authority::Address address_of(const sockaddr_storage& name) {
  authority::Address address;
  if (name.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name).sin6_addr;
    std::copy_n(v6.s6_addr, address.bytes.size(), address.bytes.begin());
  } else if (name.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(name).sin_addr;
    address.bytes[10] = address.bytes[11] = 0xff;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&v4), 4, address.bytes.begin() + 12);
  }
  return address;
}

// A proxy on the same core asks once for each request that it has read. If each question
// interrupted it, every request would cost two switches of context; as a batch thread (sched(7)) we
// wait until it has asked all it has, and answer that at once. Leaves alone what an operator chose.
void let_the_proxy_finish() {
  const sched_param none{};
  if (::sched_getscheduler(0) == SCHED_OTHER) ::sched_setscheduler(0, SCHED_BATCH, &none);
}

struct Shared {
  EngineSettings settings;
  Handlers handlers;
  std::size_t per_worker = 1000;
  std::atomic<std::size_t> open{0};
  std::unique_ptr<SlowLane> slow;
};

class Worker;

class Listener final : public EventLoop::Waiting {
 public:
  Listener(Worker& worker, base::Descriptor listening, Origin origin)
      : socket(std::move(listening)), worker_(worker), origin_(origin) {}
  void ready(std::uint32_t) override;

  base::Descriptor socket;

 private:
  Worker& worker_;
  Origin origin_;
};

class Worker {
 public:
  explicit Worker(Shared& shared)
      : around{.settings = shared.settings,
               .handlers = shared.handlers,
               .slow = shared.slow,
               .open = shared.open},
        shared_(shared) {}

  bool add_listener(base::Descriptor socket, Origin origin);
  void run() {
    let_the_proxy_finish();
    around.loop.run({sweep_interval, [this] { sweep(); }, [this] { bury(); }});
  }
  void stop() {
    around.loop.post([this] { begin_drain(); });
  }
  void take(base::Descriptor socket, Origin origin);
  bool make_room();
  // Until the next sweep; a connection that cannot be taken would wake the loop for ever.
  void rest_from_accepting();

  Surroundings around;

 private:
  void sweep();
  void bury();
  void begin_drain();

  Shared& shared_;
  std::time_t dated_ = 0;
  bool resting_ = false;
  std::list<Listener> listeners_;
  std::list<Connection> connections_;  // the oldest first
  Clock::time_point drained_at_{};
};

// A few at a time, and each loop when it can: whoever is busy leaves the rest to the others.
void Listener::ready(std::uint32_t) {
  if (!socket) return;
  for (int i = 0; i < accepted_at_once; ++i) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    base::Descriptor accepted(::accept4(socket.get(), reinterpret_cast<sockaddr*>(&name), &size,
                                        SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted && (errno == EMFILE || errno == ENFILE) && !worker_.make_room())
      worker_.rest_from_accepting();
    if (!accepted) return;
    Origin origin = origin_;
    if (!origin.unix_socket) origin.peer = address_of(name);
    worker_.take(std::move(accepted), origin);
  }
}

bool Worker::add_listener(base::Descriptor socket, Origin origin) {
  auto& listener = listeners_.emplace_back(*this, std::move(socket), origin);
  return around.loop.watch(listener.socket.get(), listener, EPOLLIN);
}

void Worker::rest_from_accepting() {
  resting_ = true;
  for (auto& listener : listeners_) around.loop.change(listener.socket.get(), listener, 0);
}

void Worker::take(base::Descriptor socket, Origin origin) {
  if (connections_.size() - around.ended.size() >= shared_.per_worker && !make_room()) return;
  auto& connection = connections_.emplace_back(around, std::move(socket), origin);
  connection.self = std::prev(connections_.end());
  connection.begin();
}

// The oldest connection that has nothing under way makes room for a new one: whoever opens
// thousands and sends nothing must not keep others out.
bool Worker::make_room() {
  const auto oldest = std::ranges::find_if(connections_, [](const Connection& connection) {
    return connection.is_open() && connection.has_nothing_under_way();
  });
  if (oldest == connections_.end()) return false;
  oldest->end();
  return true;
}

void Worker::bury() {
  for (const auto* connection : around.ended) connections_.erase(connection->self);
  around.ended.clear();
  if (around.draining && connections_.empty()) around.loop.stop();
}

void Worker::sweep() {
  around.now = Clock::now();
  if (const auto second = std::time(nullptr); second != dated_)
    dated_ = second, around.date = http_date();
  for (auto& connection : connections_) connection.end_if_over_time();
  if (std::exchange(resting_, false)) {
    for (auto& listener : listeners_) around.loop.change(listener.socket.get(), listener, EPOLLIN);
  }
  around.handlers.tick();
  if (around.draining && around.now > drained_at_) around.loop.stop();
}

void Worker::begin_drain() {
  if (around.draining) return;
  around.draining = true;
  drained_at_ = around.now + around.settings.times.drain;
  for (auto& listener : listeners_) {
    // Closing alone would not do: the other loops' copies of a unix socket keep it open.
    around.loop.forget(listener.socket.get(), listener);
    listener.socket.close();
  }
  for (auto& connection : connections_) connection.drain();
}

// As many descriptors as the system lets us have; what remains for the store and its files.
std::size_t possible_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t most =
      limit.rlim_cur > 128 ? static_cast<std::size_t>(limit.rlim_cur) - 64 : 64;
  return std::min(wanted, most);
}

}  // namespace

struct HttpEngine::Impl {
  Shared shared;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::vector<std::string> unix_paths;
  std::uint16_t port = 0;
  bool stopped = false;

  Result<void> listen();
  Result<void> listen(ListenAddress address, unsigned index);
};

Result<void> HttpEngine::Impl::listen() {
  unsigned index = 0;
  for (const auto& text : shared.settings.listen) {
    const auto address = parse_listen(text);
    if (!address) return std::unexpected(address.error());
    if (auto done = listen(*address, index++); !done) return done;
  }
  return {};
}

Result<void> HttpEngine::Impl::listen(ListenAddress address, unsigned index) {
  int first = -1;
  for (auto& worker : workers) {
    // All threads wait on one unix socket; each has a TCP socket of its own.
    const bool shares = address.unix_socket && first >= 0;
    auto socket =
        shares ? Result<base::Descriptor>(base::Descriptor(::fcntl(first, F_DUPFD_CLOEXEC, 0)))
               : listen_on(address);
    if (!socket) return std::unexpected(socket.error());
    if (first < 0) first = socket->get();
    if (!worker->add_listener(std::move(*socket), {{}, address.unix_socket, index}))
      return fail(ErrorCode::unreachable, "too many files are open to listen on one more address");
  }
  if (address.unix_socket) unix_paths.push_back(address.host);
  if (!address.unix_socket && port == 0) port = address.port;
  return {};
}

Result<void> check_listen(const std::string& text) {
  const auto address = parse_listen(text);
  if (!address) return std::unexpected(address.error());
  return {};
}

HttpEngine::HttpEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<HttpEngine>> HttpEngine::start(EngineSettings settings, Handlers handlers) {
  auto impl = std::make_unique<Impl>();
  unsigned threads = settings.threads;
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  settings.connections = possible_connections(settings.connections);
  impl->shared.per_worker = std::max<std::size_t>(1, settings.connections / threads);
  impl->shared.settings = std::move(settings);
  impl->shared.handlers = std::move(handlers);
  for (unsigned i = 0; i < threads; ++i)
    impl->workers.push_back(std::make_unique<Worker>(impl->shared));
  for (auto& worker : impl->workers) {
    if (auto opened = worker->around.loop.open(); !opened) return std::unexpected(opened.error());
  }
  if (auto listening = impl->listen(); !listening) return std::unexpected(listening.error());
  impl->shared.slow = std::make_unique<SlowLane>();
  for (auto& worker : impl->workers)
    impl->threads.emplace_back([&worker = *worker] { worker.run(); });
  return std::unique_ptr<HttpEngine>(new HttpEngine(std::move(impl)));
}

HttpEngine::~HttpEngine() { stop(); }

void HttpEngine::stop() {
  if (std::exchange(impl_->stopped, true)) return;
  for (auto& worker : impl_->workers) worker->stop();
  for (auto& thread : impl_->threads) thread.join();
  impl_->shared.slow.reset();  // its jobs point at connections: first it, then they
  impl_->workers.clear();
  for (const auto& path : impl_->unix_paths) ::unlink(path.c_str());
}

std::uint16_t HttpEngine::port() const { return impl_->port; }
std::size_t HttpEngine::connections() const { return impl_->shared.open.load(); }

}  // namespace locksmith::server
