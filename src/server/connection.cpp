// The socket tells a change once (EPOLLET), so what it told is kept in `readable_` until recv() has
// taken less than there was room for: then it is empty (epoll(7), "Possible pitfalls").
#include "server/connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <utility>

namespace locksmith::server {
namespace {

constexpr std::uint32_t reading = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::size_t batch_bytes = 256 << 10;  // answers to pipelined requests before a write
constexpr std::size_t kept_bytes = 64 << 10;    // of what one answer or batch needed
constexpr int turns_at_once = 16;               // then it is the other connections' turn

}  // namespace

Connection::Connection(Surroundings& around, base::Descriptor socket, Origin origin)
    : around_(around), socket_(std::move(socket)), reader_(around.settings.sizes), origin_(origin) {
  around_.open.fetch_add(1, std::memory_order_relaxed);
}

void Connection::enter(Phase next, std::chrono::milliseconds limit) {
  phase_ = next;
  deadline_ = around_.now + limit;
}

void Connection::begin() {
  enter(Phase::head, around_.settings.times.head);
  if (!around_.loop.watch(socket_.get(), *this, reading)) end();
}

void Connection::end() {
  if (!socket_) return;
  around_.loop.forget(socket_.get(), *this);
  socket_.close();
  around_.open.fetch_sub(1, std::memory_order_relaxed);
  around_.ended.push_back(this);
}

void Connection::end_if_over_time() {
  if (phase_ != Phase::slow && deadline_ < around_.now) end();
}

void Connection::drain() {
  if (has_nothing_under_way()) return end();
  // A request whose body is still coming is answered when it is there, and is the last one then.
  last_ = last_ || phase_ != Phase::body;
}

void Connection::ready(std::uint32_t events) {
  if (!socket_) return;
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) hung_up_ = true;
  switch (phase_) {
    case Phase::slow:
      return;
    case Phase::writing:
      if (flush()) serve();
      return;
    case Phase::lingering:
      return linger();
    case Phase::idle:
    case Phase::head:
    case Phase::body:
      if (events == 0 || receive()) serve();
  }
}

// Answers what is in the buffer, then what arrives.
void Connection::serve() {
  for (int turn = 0; turn < turns_at_once; ++turn) {
    if (!answer_all()) return;
    const bool has_more = out_.size() >= batch_bytes;
    if (!flush()) return;
    if (!has_more && !receive()) return;
  }
  around_.loop.again(*this);
}

// False: nothing is there to be read, or never will be.
bool Connection::receive() {
  if (!readable_) return false;
  const auto room = reader_.room();
  const auto got = ::recv(socket_.get(), room.data(), room.size(), 0);
  if (got > 0) {
    const auto bytes = static_cast<std::size_t>(got);
    if (bytes < room.size() && !hung_up_) readable_ = false;
    reader_.filled(bytes);
    return true;
  }
  readable_ = false;
  if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) end();
  return false;
}

ResponseBuilder::Connection Connection::how() const {
  return {reader_.request().method == "HEAD", !last_, reader_.http_1_0(), around_.date};
}

// Answers everything that has arrived whole. False: an answer comes later.
bool Connection::answer_all() {
  const auto& times = around_.settings.times;
  const auto wait_for = [&](Phase next, std::chrono::milliseconds limit) {
    if (phase_ != next || !out_.empty()) enter(next, limit);
    return true;
  };
  while (out_.size() < batch_bytes && !last_) {
    switch (reader_.next()) {
      case RequestReader::Status::nothing:
        return wait_for(Phase::idle, times.idle);
      case RequestReader::Status::head:
        return wait_for(Phase::head, times.head);
      case RequestReader::Status::body:
        wait_for(Phase::body, times.body);
        if (reader_.expects_continue() && !std::exchange(continued_, true))
          out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        return true;
      case RequestReader::Status::bad:
        answer_fault();
        break;
      case RequestReader::Status::request:
        continued_ = false;
        if (!answer()) return false;
        break;
    }
  }
  return true;
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
  last_ = last_ || !reader_.keep_alive() || around_.draining;
  const auto how = this->how();
  const auto quick = [&] {
    ResponseBuilder response(out_, how);
    return around_.handlers.quick(request, response);
  };
  return guarded(how, quick) || answer_slowly(request);
}

bool Connection::answer_slowly(const RequestView& request) {
  enter(Phase::slow, {});
  const auto job = [this, request, how = how(), date = around_.date]() mutable {
    how.date = date;
    guarded(how, [&] {
      ResponseBuilder response(out_, how);
      around_.handlers.slow(request, response);
      return true;
    });
    around_.loop.post([this] { serve(); });
  };
  if (around_.slow->add(job)) return false;
  ResponseBuilder response(out_, how());
  answer_problem(response, 503, "too many requests of this kind wait already");
  return true;
}

void Connection::answer_fault() {
  last_ = broken_ = true;
  const auto& fault = reader_.fault();
  ResponseBuilder response(out_, {false, false, false, around_.date});
  answer_problem(response, fault.status, fault.detail);
  around_.handlers.refused(fault.status);
}

// True: everything is out and the connection goes on. Most answers fit into the socket's buffer.
bool Connection::flush() {
  while (sent_ < out_.size()) {
    const auto sent = ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return end(), false;
    if (sent < 0) {
      if (phase_ == Phase::writing) return false;
      around_.loop.change(socket_.get(), *this, reading | EPOLLOUT);
      enter(Phase::writing, around_.settings.times.write);
      return false;
    }
    sent_ += static_cast<std::size_t>(sent);
  }
  if (phase_ == Phase::writing) around_.loop.change(socket_.get(), *this, reading);
  out_.clear();
  if (out_.capacity() > kept_bytes) out_.shrink_to_fit();
  sent_ = 0;
  if (!last_) return true;
  if (!broken_) return end(), false;
  // Closing at once would reset the connection, and the peer might never see why (RFC 9112 9.6).
  enter(Phase::lingering, std::chrono::seconds(2));
  ::shutdown(socket_.get(), SHUT_WR);
  linger();
  return false;
}

// Reads past what is not wanted any more, until the peer has gone.
void Connection::linger() {
  char unwanted[4096];
  for (int turn = 0; turn < turns_at_once; ++turn) {
    const auto got = ::recv(socket_.get(), unwanted, sizeof unwanted, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) return end();
  }
  around_.loop.again(*this);
}

}  // namespace locksmith::server
