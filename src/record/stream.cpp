#include "record/stream.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "record/openssl.hpp"

namespace locksmith::record {

void Stream::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

Stream::Stream(int socket) : socket_(socket) {
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Stream::Stream(Stream&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      ssl_(std::move(other.ssl_)),
      early_(std::move(other.early_)),
      reading_early_(other.reading_early_) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  close();
  socket_ = std::exchange(other.socket_, -1);
  ssl_ = std::move(other.ssl_);
  early_ = std::move(other.early_);
  reading_early_ = other.reading_early_;
  return *this;
}

Stream::~Stream() { close(); }

void Stream::close() {
  ssl_.reset();
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

Io Stream::read(char* buffer, std::size_t size, std::size_t& count) {
  count = 0;
  if (ssl_) {
    ERR_clear_error();
    return outcome(SSL_read_ex(ssl_.get(), buffer, size, &count));
  }
  if (!early_.empty()) {
    count = early_.copy(buffer, size);
    early_.erase(0, count);
    return Io::done;
  }
  const ssize_t n = ::recv(socket_, buffer, size, 0);
  if (n == 0) return Io::end;
  if (n < 0) return errno == EAGAIN || errno == EINTR ? Io::want_read : Io::broken;
  count = static_cast<std::size_t>(n);
  return Io::done;
}

Io Stream::write(std::string_view bytes, std::size_t& count) {
  count = 0;
  if (ssl_) {
    ERR_clear_error();
    return outcome(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count));
  }
  const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? Io::want_write : Io::broken;
  count = static_cast<std::size_t>(n);
  return Io::done;
}

Io Stream::outcome(int result) {
  if (result > 0) return Io::done;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::want_read;
    case SSL_ERROR_WANT_WRITE:
      return Io::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return Io::end;
    default:
      return Io::broken;
  }
}

void Stream::end_writing() {
  if (ssl_ && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ::shutdown(socket_, SHUT_WR);
}

void Stream::reset() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close();
}

void Stream::start_server(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set_accept_state(ssl_.get());
  if (early_.empty()) return;
  // OpenSSL reads the early bytes from memory until they are used up, then from the socket.
  BIO* memory = BIO_new(BIO_s_mem());
  BIO_write(memory, early_.data(), static_cast<int>(early_.size()));
  early_.clear();
  SSL_set0_rbio(ssl_.get(), memory);
  reading_early_ = true;
}

void Stream::start_client(SSL_CTX* context, const std::string& server_name,
                          const std::string& verify, bool offer_http1) {
  ssl_.reset(SSL_new(context));
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set_connect_state(ssl_.get());
  if (!server_name.empty()) SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str());
  unsigned char address[sizeof(in6_addr)];
  const bool is_address = inet_pton(AF_INET, verify.c_str(), address) == 1 ||
                          inet_pton(AF_INET6, verify.c_str(), address) == 1;
  if (is_address)
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), verify.c_str());
  else
    SSL_set1_host(ssl_.get(), verify.c_str());
  static constexpr unsigned char http1[] = "\x08http/1.1";
  if (offer_http1) SSL_set_alpn_protos(ssl_.get(), http1, sizeof http1 - 1);
}

Io Stream::handshake() {
  ERR_clear_error();
  Io io = outcome(SSL_do_handshake(ssl_.get()));
  if (io != Io::want_read || !reading_early_) return io;
  reading_early_ = false;
  SSL_set0_rbio(ssl_.get(), BIO_new_socket(socket_, BIO_NOCLOSE));
  return outcome(SSL_do_handshake(ssl_.get()));
}

Wait wait_for(int socket, bool to_write, int stop, int timeout_ms) {
  pollfd waited[2] = {{socket, static_cast<short>(to_write ? POLLOUT : POLLIN), 0},
                      {stop, POLLIN, 0}};
  for (;;) {
    const int ready = ::poll(waited, 2, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (waited[1].revents != 0) return Wait::stopped;
    return ready > 0 ? Wait::ready : Wait::timeout;
  }
}

bool write_all(Stream& stream, std::string_view bytes, int stop, int timeout_ms) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    const Io io = stream.write(bytes, count);
    bytes.remove_prefix(count);
    if (io == Io::done) continue;
    if (io != Io::want_read && io != Io::want_write) return false;
    if (wait_for(stream.socket(), io == Io::want_write, stop, timeout_ms) != Wait::ready)
      return false;
  }
  return true;
}

}  // namespace locksmith::record
