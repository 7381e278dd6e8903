// One Worker per thread; a Connection belongs to one Worker and has at most one operation under
// way, which is what ends its life. A sweep a few times a second closes what is over its time:
// a timer per connection would cost as much as an answer.
#include "server/http_engine.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

#include "server/listener.hpp"

namespace locksmith::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Socket = asio::generic::stream_protocol::socket;

constexpr auto sweep_interval = std::chrono::milliseconds(200);
constexpr std::size_t batch_bytes = 256 << 10;  // answers to pipelined requests before a write
constexpr std::size_t slow_waiting = 1000;      // more than that are told to come back later

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

// Where answers are made that may wait for the disk: one thread, in order.
class SlowLane {
 public:
  SlowLane() : thread_([this] { run(); }) {}
  ~SlowLane() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  bool add(std::function<void()> job) {
    {
      const std::lock_guard lock(mutex_);
      if (jobs_.size() >= slow_waiting) return false;
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return over_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool over_ = false;
  std::thread thread_;
};

struct Shared {
  EngineSettings settings;
  Handlers handlers;
  std::size_t per_worker = 1000;
  std::atomic<std::size_t> open{0};
  std::unique_ptr<SlowLane> slow;
};

class Worker;

// Where a connection came from and by which door.
struct Origin {
  authority::Address peer;
  bool unix_socket = false;
  unsigned listener = 0;
};

class Connection {
 public:
  enum class Phase { idle, head, body, slow, writing, lingering };

  Connection(Worker& worker, Socket socket, Origin origin);
  void begin();
  // Over its time, or the program ends: whatever is under way fails, and that ends it.
  void close();
  void over_time();
  void drain();

  Phase phase = Phase::head;
  Clock::time_point deadline;
  std::list<Connection>::iterator self;

 private:
  void read();
  void advance();
  bool answer();
  bool answer_slowly(const RequestView& request);
  bool guarded(const ResponseBuilder::Connection& how, const auto& face);
  void answer_fault();
  void flush();
  void write_rest();
  void sent();
  void linger();
  void enter(Phase next, std::chrono::milliseconds limit);
  ResponseBuilder::Connection how() const;

  Worker& worker_;
  Socket socket_;
  RequestReader reader_;
  std::string out_;
  std::size_t sent_ = 0;
  Origin origin_;
  bool last_ = false;  // nothing is read after what is being answered
  bool broken_ = false;
  bool continued_ = false;
};

class Worker {
 public:
  explicit Worker(Shared& common) : shared(common), timer_(context) {}

  void add_listener(int fd, int family, Origin origin);
  void run() {
    sweep();
    error_code ignored;
    context.run();
  }
  void stop() {
    asio::post(context, [this] { begin_drain(); });
  }
  void remove(Connection& connection) {
    shared.open.fetch_sub(1, std::memory_order_relaxed);
    connections_.erase(connection.self);
    if (draining && connections_.empty()) context.stop();
  }

  Shared& shared;
  asio::io_context context{1};
  Clock::time_point now = Clock::now();
  std::string date = http_date();
  bool draining = false;

 private:
  template <class Acceptor>
  void accept(Acceptor& acceptor, Origin origin);
  void take(Socket socket, Origin origin);
  bool make_room();
  void sweep();
  void begin_drain();

  asio::steady_timer timer_;
  std::time_t dated_ = 0;
  std::list<asio::ip::tcp::acceptor> tcp_;
  std::list<asio::local::stream_protocol::acceptor> unix_;
  std::list<Connection> connections_;
  Clock::time_point drained_at_{};
};

Connection::Connection(Worker& worker, Socket socket, Origin origin)
    : worker_(worker),
      socket_(std::move(socket)),
      reader_(worker.shared.settings.sizes),
      origin_(origin) {}

void Connection::enter(Phase next, std::chrono::milliseconds limit) {
  phase = next;
  deadline = worker_.now + limit;
}

void Connection::begin() {
  enter(Phase::head, worker_.shared.settings.times.head);
  read();
}

void Connection::close() {
  error_code ignored;
  socket_.close(ignored);
}

void Connection::over_time() {
  if (phase != Phase::slow) close();  // an answer is being made elsewhere
}

void Connection::drain() {
  last_ = true;
  if (phase == Phase::idle || phase == Phase::head) close();
}

void Connection::read() {
  const auto room = reader_.room();
  socket_.async_read_some(asio::buffer(room.data(), room.size()),
                          [this](const error_code& error, std::size_t bytes) {
                            if (error) return worker_.remove(*this);
                            reader_.filled(bytes);
                            advance();
                          });
}

ResponseBuilder::Connection Connection::how() const {
  return {reader_.request().method == "HEAD", !last_, reader_.http_1_0(), worker_.date};
}

// Answers everything that has arrived whole, then writes it at once.
void Connection::advance() {
  const auto& times = worker_.shared.settings.times;
  while (out_.size() < batch_bytes && !last_) {
    switch (reader_.next()) {
      case RequestReader::Status::nothing:
        if (phase != Phase::idle || !out_.empty()) enter(Phase::idle, times.idle);
        return flush();
      case RequestReader::Status::head:
        if (phase != Phase::head || !out_.empty()) enter(Phase::head, times.head);
        return flush();
      case RequestReader::Status::body:
        if (phase != Phase::body || !out_.empty()) enter(Phase::body, times.body);
        if (reader_.expects_continue() && !std::exchange(continued_, true))
          out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        return flush();
      case RequestReader::Status::bad:
        answer_fault();
        break;
      case RequestReader::Status::request:
        continued_ = false;
        if (!answer()) return;
        break;
    }
  }
  flush();
}

// Runs a face. Whatever goes wrong in it costs this request, not the program.
bool Connection::guarded(const ResponseBuilder::Connection& how, const auto& face) {
  const auto before = out_.size();
  try {
    if (!face()) return false;
    if (out_.size() > before) return true;
  } catch (const std::exception&) {
    out_.resize(before);
  }
  ResponseBuilder response(out_, how);
  answer_problem(response, 500, "This request could not be answered.");
  return true;
}

// False: the answer comes later.
bool Connection::answer() {
  RequestView request = reader_.request();
  request.peer = origin_.peer;
  request.unix_socket = origin_.unix_socket;
  request.listener = origin_.listener;
  last_ = last_ || !reader_.keep_alive() || worker_.draining;
  const auto quick = [&] {
    ResponseBuilder response(out_, how());
    return worker_.shared.handlers.quick(request, response);
  };
  return guarded(how(), quick) || answer_slowly(request);
}

bool Connection::answer_slowly(const RequestView& request) {
  enter(Phase::slow, std::chrono::hours(1));
  const bool taken =
      worker_.shared.slow->add([this, request, how = how(), date = worker_.date]() mutable {
        how.date = date;
        guarded(how, [&] {
          ResponseBuilder response(out_, how);
          worker_.shared.handlers.slow(request, response);
          return true;
        });
        asio::post(worker_.context, [this] { advance(); });
      });
  if (taken) return false;
  ResponseBuilder response(out_, how());
  answer_problem(response, 503, "too many requests of this kind wait already");
  return true;
}

void Connection::answer_fault() {
  last_ = broken_ = true;
  const auto& fault = reader_.fault();
  ResponseBuilder response(out_, {false, false, false, worker_.date});
  answer_problem(response, fault.status, fault.detail);
  worker_.shared.handlers.refused(fault.status);
}

// Most answers fit into the socket's buffer: one system call, no round through the event loop.
void Connection::flush() {
  if (out_.empty()) return read();
  const auto sent = ::send(socket_.native_handle(), out_.data() + sent_, out_.size() - sent_,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return worker_.remove(*this);
  if (sent > 0) sent_ += static_cast<std::size_t>(sent);
  if (sent_ == out_.size()) return this->sent();
  enter(Phase::writing, worker_.shared.settings.times.write);
  write_rest();
}

void Connection::write_rest() {
  socket_.async_write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_),
                           [this](const error_code& error, std::size_t bytes) {
                             if (error) return worker_.remove(*this);
                             sent_ += bytes;
                             sent_ == out_.size() ? sent() : write_rest();
                           });
}

void Connection::sent() {
  const bool whole_batch = out_.size() >= batch_bytes;
  out_.clear();
  sent_ = 0;
  if (last_) return broken_ ? linger() : worker_.remove(*this);
  // After a full batch, or a wait for the reader of the answers, requests may be in the buffer.
  if (whole_batch || phase == Phase::writing) {
    if (phase == Phase::writing) phase = Phase::slow;
    return advance();
  }
  // Asio asks the socket at once, and so soon after an answer it has nothing yet. When the answers to
  // all that have arrived are out, the first of those clients have sent more.
  asio::post(worker_.context, [this] { read(); });
}

// Closing at once would reset the connection, and the peer might never see why (RFC 9112 9.6).
void Connection::linger() {
  if (phase != Phase::lingering) {
    enter(Phase::lingering, std::chrono::milliseconds(2000));
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    out_.resize(4096);
  }
  socket_.async_read_some(asio::buffer(out_), [this](const error_code& error, std::size_t) {
    error ? worker_.remove(*this) : linger();
  });
}

void Worker::add_listener(int fd, int family, Origin origin) {
  if (origin.unix_socket) {
    unix_.emplace_back(context, asio::local::stream_protocol(), fd);
    asio::post(context, [this, origin, &acceptor = unix_.back()] { accept(acceptor, origin); });
  } else {
    tcp_.emplace_back(context, family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), fd);
    asio::post(context, [this, origin, &acceptor = tcp_.back()] { accept(acceptor, origin); });
  }
}

authority::Address address_of(const asio::ip::tcp::endpoint& endpoint) {
  const auto ip = endpoint.address();
  authority::Address address;
  if (ip.is_v6()) {
    address.bytes = ip.to_v6().to_bytes();
  } else {
    const auto v4 = ip.to_v4().to_bytes();
    address.bytes[10] = address.bytes[11] = 0xff;
    std::copy(v4.begin(), v4.end(), address.bytes.begin() + 12);
  }
  return address;
}

template <class Acceptor>
void Worker::accept(Acceptor& acceptor, Origin origin) {
  acceptor.async_accept([this, &acceptor, origin](const error_code& error, auto socket) mutable {
    if (draining || error == asio::error::operation_aborted) return;
    if (!error) {
      error_code gone;
      if constexpr (std::is_same_v<Acceptor, asio::ip::tcp::acceptor>)
        origin.peer = address_of(socket.remote_endpoint(gone));
      if (!gone) take(Socket(std::move(socket)), origin);
    } else if (error.value() == EMFILE || error.value() == ENFILE) {
      make_room();
    }
    accept(acceptor, origin);
  });
}

void Worker::take(Socket socket, Origin origin) {
  if (connections_.size() >= shared.per_worker && !make_room()) return;
  connections_.emplace_back(*this, std::move(socket), origin);
  auto& connection = connections_.back();
  connection.self = std::prev(connections_.end());
  shared.open.fetch_add(1, std::memory_order_relaxed);
  connection.begin();
}

// The oldest connection that has nothing under way makes room for a new one: whoever opens
// thousands and sends nothing must not keep others out.
bool Worker::make_room() {
  for (auto& connection : connections_) {
    if (connection.phase != Connection::Phase::idle && connection.phase != Connection::Phase::head)
      continue;
    connection.phase = Connection::Phase::lingering;  // not chosen again
    connection.close();
    return true;
  }
  return false;
}

void Worker::sweep() {
  now = Clock::now();
  if (const auto second = std::time(nullptr); second != dated_) dated_ = second, date = http_date();
  for (auto& connection : connections_)
    if (connection.deadline < now) connection.over_time();
  shared.handlers.tick();
  if (draining && (connections_.empty() || now > drained_at_)) return context.stop();
  timer_.expires_at(now + sweep_interval);
  timer_.async_wait([this](const error_code& error) {
    if (!error) sweep();
  });
}

void Worker::begin_drain() {
  if (draining) return;
  draining = true;
  drained_at_ = now + shared.settings.times.drain;
  tcp_.clear();
  unix_.clear();
  for (auto& connection : connections_) connection.drain();
  if (connections_.empty()) context.stop();
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
  const int family = address.host.find(':') == std::string::npos ? AF_INET : AF_INET6;
  int first = -1;
  for (auto& worker : workers) {
    // All threads wait on one unix socket; each has a TCP socket of its own.
    Result<int> fd =
        address.unix_socket && first >= 0 ? Result<int>(::dup(first)) : listen_on(address);
    if (!fd) return std::unexpected(fd.error());
    if (first < 0) first = *fd;
    worker->add_listener(*fd, family, {{}, address.unix_socket, index});
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
