// Puts the exchanges of one HTTP/1 connection together from the bytes that pass in both directions:
// pure, so that the relay can forward every byte untouched and still know what was said.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "record/http1.hpp"

namespace locksmith::record {

// Of each body; what is longer is cut off in the record (and the exchange is `partial`).
inline constexpr std::size_t most_body_bytes = 1 << 20;

class Observer {
 public:
  using Sink = std::function<void(http::Exchange)>;
  using Clock = std::function<base::Time()>;

  // `origin` ("https://api.example.com") stands before a target that is no URL by itself.
  Observer(std::string origin, std::string remote_address, Sink sink, Clock clock);

  void from_client(std::string_view bytes);
  void from_server(std::string_view bytes);
  // The connection is over: what has no end yet is handed over as it is.
  void closed();

  std::size_t requests_seen() const { return requests_seen_; }
  bool idle() const { return under_way_.empty() && requests_.at_start(); }
  // Nothing more is read: the connection was upgraded, or does not speak HTTP/1.
  bool blind() const { return blind_; }

 private:
  struct UnderWay {
    http::Exchange exchange;
    bool request_complete = false, response_complete = false;
  };

  void take_request(const MessageReader::Step& step);
  void take_response(const MessageReader::Step& step);
  void begin_request();
  void begin_response();
  void hand_over_complete();
  UnderWay* unanswered();
  void keep(std::string_view piece, std::string& body, http::Exchange& exchange);

  std::string origin_, remote_address_;
  Sink sink_;
  Clock clock_;
  MessageReader requests_{Side::request}, responses_{Side::response};
  std::deque<UnderWay> under_way_;
  std::size_t requests_seen_ = 0;
  bool blind_ = false;
  bool interim_ = false;  // the response that is being read is a 1xx
};

}  // namespace locksmith::record
