// One client's connection from its first byte to its end: reads requests, answers them in order,
// and gives up on who takes too long.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "server/event_loop.hpp"
#include "server/http_engine.hpp"
#include "server/message.hpp"
#include "server/request_reader.hpp"
#include "server/slow_lane.hpp"

namespace locksmith::server {

class Connection;

// What the connections of one event loop have in common.
struct Surroundings {
  const EngineSettings& settings;
  const Handlers& handlers;
  const std::unique_ptr<SlowLane>& slow;  // there from the first connection on
  std::atomic<std::size_t>& open;         // connections of all loops
  EventLoop loop;
  std::chrono::steady_clock::time_point now;  // as of the last sweep
  std::string date;                           // IMF-fixdate, of the same moment
  bool draining = false;                      // what is begun is answered, then all is over
  std::vector<Connection*> ended;             // to be taken down when the round is over
};

// Where a connection came from and by which door.
struct Origin {
  authority::Address peer;
  bool unix_socket = false;
  unsigned listener = 0;
};

class Connection final : public EventLoop::Waiting {
 public:
  Connection(Surroundings& around, base::Descriptor socket, Origin origin);

  void begin();
  void ready(std::uint32_t events) override;
  bool has_nothing_under_way() const { return phase_ == Phase::idle || phase_ == Phase::head; }
  bool is_open() const { return bool(socket_); }
  void end_if_over_time();
  void drain();  // ends it after the answer that is under way
  void end();

  std::list<Connection>::iterator self;  // where its owner keeps it

 private:
  // `slow`: the answer is being made on the slow lane, which will come back to this object.
  enum class Phase { idle, head, body, slow, writing, lingering };

  void serve();
  bool receive();
  bool answer_all();
  bool answer();
  bool answer_slowly(const RequestView& request);
  bool guarded(const ResponseBuilder::Connection& how, const auto& face);
  void answer_fault();
  bool flush();
  void linger();
  void enter(Phase next, std::chrono::milliseconds limit);
  ResponseBuilder::Connection how() const;

  Surroundings& around_;
  base::Descriptor socket_;
  RequestReader reader_;
  std::string out_;
  std::size_t sent_ = 0;
  std::chrono::steady_clock::time_point deadline_;
  Origin origin_;
  Phase phase_ = Phase::head;
  bool readable_ = false;  // the socket may hold more than was read
  bool hung_up_ = false;   // the peer sends no more: what is left to read is its end
  bool last_ = false;      // nothing is read after what is being answered
  bool broken_ = false;    // what came is no HTTP
  bool continued_ = false;
};

}  // namespace locksmith::server
