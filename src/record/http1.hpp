// Reads one direction of an HTTP/1 connection as it passes by: where each message starts and ends,
// and what its head says. It never alters a byte and forgives every defect that does not hide where
// a message ends (RFC 9112), because defects are what `record` is there to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace locksmith::record {

enum class Side { request, response };

struct Head {
  std::string raw;     // the whole head, the empty line included
  std::string method;  // of a request
  std::string target;  // of a request, as written
  int status = 0;      // of a response
  std::string reason;
  std::string version;  // "HTTP/1.1"
  http::Headers headers;
};

// `raw` ends with the empty line. Nothing when it is no HTTP/1 message.
std::optional<Head> parse_head(std::string_view raw, Side side);

class MessageReader {
 public:
  explicit MessageReader(Side side) : side_(side) {}

  enum class Event {
    more,    // everything was taken; the message goes on
    head,    // head() is complete
    body,    // `body` is a piece of the body, without its chunk framing
    end,     // the message is complete
    opaque,  // not HTTP/1, or no longer: nothing after this can be read
  };
  struct Step {
    Event event = Event::more;
    std::size_t consumed = 0;  // how many bytes of the input belong to this step
    std::string_view body;
  };
  Step next(std::string_view input);
  // The input is over: ends a body that lasts until the connection closes. False when a message was
  // cut short.
  bool finish();

  // The method that the next response answers: HEAD and CONNECT change where it ends.
  void answers(std::string method) { answered_method_ = std::move(method); }
  const Head& head() const { return head_; }
  bool reading_head() const { return state_ == State::start; }
  bool at_start() const { return state_ == State::start && pending_.empty(); }

 private:
  enum class State {
    start,
    fixed,
    chunk_size,
    chunk_data,
    chunk_end,
    trailer,
    until_close,
    done,
    opaque
  };

  Step read_head(std::string_view input);
  Step read_counted(std::string_view input, State after);
  Step read_chunk_line(std::string_view input);
  void frame();
  void frame_by_length();
  void frame_without_body();
  Step give_up() { return state_ = State::opaque, Step{Event::opaque, 0, {}}; }

  Side side_;
  State state_ = State::start;
  Head head_;
  std::string pending_;     // a head or a line of the chunk framing that is not complete
  std::uint64_t left_ = 0;  // bytes of this body or chunk
  std::string answered_method_ = "GET";
};

}  // namespace locksmith::record
