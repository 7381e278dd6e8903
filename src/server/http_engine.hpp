// Serves HTTP/1.1 over TCP and unix sockets: one thread and one event loop per core, callbacks, one
// write per batch of answers. Knows nothing of keys: what is answered is the Handlers' business.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "server/message.hpp"
#include "server/request_reader.hpp"

namespace locksmith::server {

struct TimeLimits {
  std::chrono::milliseconds head{10'000};   // from a connection or a request's first byte
  std::chrono::milliseconds idle{75'000};   // between two requests
  std::chrono::milliseconds body{20'000};   // from the end of the head to the end of the body
  std::chrono::milliseconds write{20'000};  // until the answer is taken
  std::chrono::milliseconds drain{10'000};  // after stop()
};

struct EngineSettings {
  std::vector<std::string> listen{"127.0.0.1:8411"};  // "[::1]:8411", "unix:/run/locksmith.sock"
  unsigned threads = 0;                               // 0: one per core
  std::size_t connections = 10'000;
  SizeLimits sizes;
  TimeLimits times;
};

struct Handlers {
  // On the event loop; must not wait. False: `slow` shall answer, on a thread where it may wait.
  std::function<bool(const RequestView&, ResponseBuilder&)> quick;
  std::function<void(const RequestView&, ResponseBuilder&)> slow;
  // What could not be read as a request: counted, never shown.
  std::function<void(int status)> refused = [](int) {};
  // On each event loop, a few times a second.
  std::function<void()> tick = [] {};
};

// "host:port" with a numeric host, "[v6]:port" or "unix:PATH".
Result<void> check_listen(const std::string& text);

class HttpEngine {
 public:
  // Listens when it returns. Fails when an address is taken, or a unix socket that somebody serves.
  static Result<std::unique_ptr<HttpEngine>> start(EngineSettings settings, Handlers handlers);
  ~HttpEngine();  // stops

  // Takes no more connections, answers what has begun, ends within TimeLimits::drain.
  void stop();
  std::uint16_t port() const;  // of the first TCP address; for ":0"
  std::size_t connections() const;

 private:
  struct Impl;
  explicit HttpEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith::server
