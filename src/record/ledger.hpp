// What the run has seen so far; written by every connection's thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace locksmith::record {

enum class NoteKind {
  certificate_refused,  // the client did not take ours: it pins one, or reads no variable that was
                        // set
  closed_unused,     // the client closed after the handshake without a request: perhaps it pins one
  server_untrusted,  // the server's certificate is not trusted here; the client judged it itself
  client_certificate,  // the server asks for a certificate of the client
  http2_only,          // the client insists on HTTP/2
  not_http,            // another protocol
  unreachable,         // no connection to the server
  passed,              // the user wanted it to be left alone
};

// Something that kept exchanges from being seen, or from taking place.
struct Note {
  NoteKind kind;
  std::string host;
  std::string detail;
  std::size_t times = 1;
};

class Ledger {
 public:
  void add(http::Exchange exchange);
  void note(NoteKind kind, const std::string& host, const std::string& detail = {});
  // Unless something was noted of this host already, which then is the reason.
  void note_passed(const std::string& host);
  void count_connection() { count(connections_); }
  void count_stranger() { count(strangers_); }

  // Connections to this host are passed on unseen from now on.
  void leave_alone(const std::string& host);
  bool is_left_alone(const std::string& host) const;

  // A request to this host was seen.
  void heard(const std::string& host);
  bool was_heard(const std::string& host) const;

  // For the report, when all threads have ended.
  std::vector<http::Exchange> take_exchanges();
  std::vector<Note> notes() const;
  std::size_t connections() const;
  std::size_t strangers() const;

 private:
  void count(std::size_t& counter);

  mutable std::mutex mutex_;
  std::vector<http::Exchange> exchanges_;
  std::size_t body_bytes_ = 0;
  std::vector<Note> notes_;
  std::set<std::string> left_alone_, heard_;
  std::size_t connections_ = 0, strangers_ = 0;
};

}  // namespace locksmith::record
