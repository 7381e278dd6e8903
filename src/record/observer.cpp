#include "record/observer.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "record/decode.hpp"

namespace locksmith::record {
namespace {

using Event = MessageReader::Event;

bool is_url(std::string_view target) {
  return base::find_ignoring_case(target.substr(0, 8), "http://") == 0 ||
         base::find_ignoring_case(target.substr(0, 8), "https://") == 0;
}

}  // namespace

Observer::Observer(std::string origin, std::string remote_address, Sink sink, Clock clock)
    : origin_(std::move(origin)),
      remote_address_(std::move(remote_address)),
      sink_(std::move(sink)),
      clock_(std::move(clock)) {}

void Observer::from_client(std::string_view bytes) {
  while (!blind_) {
    const MessageReader::Step step = requests_.next(bytes);
    bytes.remove_prefix(step.consumed);
    take_request(step);
    if (step.event == Event::more && bytes.empty()) return;
  }
}

void Observer::from_server(std::string_view bytes) {
  while (!blind_) {
    if (responses_.at_start() && !bytes.empty()) {
      const UnderWay* front = unanswered();
      if (!front)
        blind_ = true;  // an answer to nothing: the directions no longer match
      else
        responses_.answers(front->exchange.request.method);
    }
    const MessageReader::Step step = responses_.next(bytes);
    bytes.remove_prefix(step.consumed);
    take_response(step);
    if (step.event == Event::more && bytes.empty()) return;
  }
}

void Observer::take_request(const MessageReader::Step& step) {
  switch (step.event) {
    case Event::head:
      return begin_request();
    case Event::body:
      return keep(step.body, under_way_.back().exchange.request.body, under_way_.back().exchange);
    case Event::end:
      under_way_.back().request_complete = true;
      return hand_over_complete();
    case Event::opaque:
      blind_ = true;
      return;
    case Event::more:
      return;
  }
}

void Observer::begin_request() {
  const Head& head = requests_.head();
  ++requests_seen_;
  UnderWay next;
  http::Request& request = next.exchange.request;
  request.method = head.method;
  request.url = is_url(head.target) ? head.target : origin_ + head.target;
  request.version = head.version;
  request.headers = head.headers;
  next.exchange.time = clock_();
  next.exchange.remote_address = remote_address_;
  under_way_.push_back(std::move(next));
}

void Observer::take_response(const MessageReader::Step& step) {
  if (step.event == Event::opaque) blind_ = true;
  UnderWay* current = unanswered();
  if (!current || blind_) return;
  switch (step.event) {
    case Event::head:
      return begin_response();
    case Event::body:
      return keep(step.body, current->exchange.response.body, current->exchange);
    case Event::end:
      if (std::exchange(interim_, false)) return;
      current->response_complete = true;
      return hand_over_complete();
    default:
      return;
  }
}

void Observer::begin_response() {
  const Head& head = responses_.head();
  // 101 is the last that is HTTP here; other 1xx are followed by the answer (RFC 9110
  // section 15.2).
  interim_ = head.status < 200 && head.status != 101;
  if (interim_) return;
  UnderWay* current = unanswered();
  http::Response& response = current->exchange.response;
  response.status = head.status;
  response.reason = head.reason;
  response.version = head.version;
  response.headers = head.headers;
  const bool tunnel = current->exchange.request.method == "CONNECT" && head.status < 300;
  if (head.status != 101 && !tunnel) return;
  current->response_complete = current->request_complete = true;
  hand_over_complete();
  blind_ = true;
}

Observer::UnderWay* Observer::unanswered() {
  const auto found = std::ranges::find(under_way_, false, &UnderWay::response_complete);
  return found == under_way_.end() ? nullptr : &*found;
}

void Observer::keep(std::string_view piece, std::string& body, http::Exchange& exchange) {
  const std::size_t room = most_body_bytes - std::min(body.size(), most_body_bytes);
  if (piece.size() > room) exchange.partial = true;
  body.append(piece.substr(0, room));
}

void Observer::hand_over_complete() {
  while (!under_way_.empty() && under_way_.front().request_complete &&
         under_way_.front().response_complete) {
    http::Exchange exchange = std::move(under_way_.front().exchange);
    under_way_.pop_front();
    decode_bodies(exchange);
    sink_(std::move(exchange));
  }
}

void Observer::closed() {
  for (UnderWay& one : under_way_) {
    // A body without a length ends here, and that is its regular end.
    const bool whole =
        one.response_complete || (one.exchange.response.status != 0 && responses_.finish());
    one.exchange.partial |= !whole;
    decode_bodies(one.exchange);
    sink_(std::move(one.exchange));
  }
  under_way_.clear();
  blind_ = true;
}

}  // namespace locksmith::record
