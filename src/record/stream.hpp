// A connection that bytes are read from and written to without waiting, with TLS or without.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace locksmith::record {

enum class Io {
  done,
  want_read,   // try again when the socket can be read
  want_write,  // try again when it can be written
  end,         // the other side will send no more
  broken,      // reset, cut off, or a fault of TLS
};

// What a wait ends with; `stopped` when the run is over.
enum class Wait { ready, timeout, stopped };

class Stream {
 public:
  Stream() = default;
  explicit Stream(int socket);
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  explicit operator bool() const { return socket_ >= 0; }
  int socket() const { return socket_; }

  Io read(char* buffer, std::size_t size, std::size_t& count);
  Io write(std::string_view bytes, std::size_t& count);
  // No more will be written; the other direction goes on.
  void end_writing();
  // Closes so that the other side sees a reset, as this side saw one.
  void reset();

  // These bytes were read already, and are read again first.
  void unread(std::string bytes) { early_.insert(0, bytes); }
  bool has_unread() const { return !early_.empty(); }

  // TLS as the server or as the client; what unread() put back is part of the handshake. Repeat
  // handshake() while it wants something.
  void start_server(SSL_CTX* context);
  // `verify`: the name or address that the certificate must be for. `offer_http1`: by ALPN.
  void start_client(SSL_CTX* context, const std::string& server_name, const std::string& verify,
                    bool offer_http1);
  Io handshake();
  SSL* ssl() const { return ssl_.get(); }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };
  Io outcome(int result);
  void close();

  int socket_ = -1;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string early_;
  bool reading_early_ = false;  // the handshake still reads what unread() put back
};

// Waits until the socket can be read (or written), `stop` can be read, or the time is up (-1:
// never).
Wait wait_for(int socket, bool to_write, int stop, int timeout_ms);

// Writes all of it; false when that is not possible within the time.
bool write_all(Stream& stream, std::string_view bytes, int stop, int timeout_ms);

}  // namespace locksmith::record
