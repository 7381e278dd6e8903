#include "record/pump.hpp"

#include <poll.h>

#include <array>
#include <cerrno>

namespace locksmith::record {
namespace {

constexpr std::size_t enough_bytes = 64 << 10;
// A side that was told the end and says nothing any more is given up after this.
constexpr int half_closed_timeout_ms = 120'000;

struct Direction {
  Stream& from;
  Stream& to;
  std::string waiting;  // read, and not written yet
  bool ended = false;   // `from` will give no more
  bool reset = false;   // … because it broke
  bool over = false;    // the end was passed on to `to`
  Io read_wants = Io::done, write_wants = Io::done;

  bool may_read() const { return !ended && waiting.size() < enough_bytes; }
};

template <class Pass>
bool read_some(Direction& way, Pass pass) {
  std::array<char, 16384> buffer;
  std::size_t count = 0;
  const Io io = way.from.read(buffer.data(), buffer.size(), count);
  way.read_wants = io;
  if (io == Io::want_read || io == Io::want_write) return false;
  if (io == Io::done)
    pass(std::string_view(buffer.data(), count), way.waiting);
  else
    way.ended = true;
  way.reset |= io == Io::broken;
  return true;
}

bool write_some(Direction& way) {
  std::size_t count = 0;
  const Io io = way.to.write(way.waiting, count);
  way.write_wants = io;
  way.waiting.erase(0, count);
  if (io == Io::want_read || io == Io::want_write) return false;
  // Nobody takes it any more; the other direction may still have an answer to carry.
  if (io != Io::done) {
    way.waiting.clear();
    way.ended = way.over = true;
  }
  return true;
}

// True when something was done, so that it is worth trying again before waiting.
template <class Pass>
bool advance(Direction& way, bool hold, Pass pass) {
  bool moved = false;
  way.read_wants = way.write_wants = Io::done;
  if (way.may_read() && !hold) moved |= read_some(way, pass);
  if (!way.waiting.empty() && !way.over) moved |= write_some(way);
  if (way.ended && way.waiting.empty() && !way.over) {
    way.over = moved = true;
    if (!way.reset) way.to.end_writing();
  }
  return moved;
}

short events(Io wants) {
  return wants == Io::want_read ? POLLIN : wants == Io::want_write ? POLLOUT : 0;
}

}  // namespace

PumpEnd pump(Stream& client, Stream& server, Tap& tap, std::string to_server, int stop) {
  Direction up{client, server, std::move(to_server)}, down{server, client, {}};
  for (;;) {
    bool moved = advance(up, tap.holds_client(), [&](std::string_view bytes, std::string& out) {
      tap.from_client(bytes, out);
    });
    moved |= advance(down, false, [&](std::string_view bytes, std::string& out) {
      tap.from_server(bytes, out);
    });
    if (tap.leaves() && up.waiting.empty() && down.waiting.empty()) return PumpEnd::left;
    // A reset is the end of both directions.
    if (up.reset && up.over) return server.reset(), PumpEnd::closed;
    if (down.reset && down.over) return client.reset(), PumpEnd::closed;
    if (up.over && down.over) return PumpEnd::closed;
    if (moved) continue;

    pollfd waited[3] = {{client.socket(), 0, 0}, {server.socket(), 0, 0}, {stop, POLLIN, 0}};
    waited[0].events = static_cast<short>(events(up.read_wants) | events(down.write_wants));
    waited[1].events = static_cast<short>(events(down.read_wants) | events(up.write_wants));
    // A socket that nothing is wanted of would report its hang-up again and again.
    for (int i = 0; i < 2; ++i) {
      if (waited[i].events == 0) waited[i].fd = -1;
    }
    const int ready = ::poll(waited, 3, up.over || down.over ? half_closed_timeout_ms : -1);
    if (ready < 0 && errno != EINTR) return PumpEnd::closed;
    if (ready == 0) return PumpEnd::closed;
    if (waited[2].revents != 0) return PumpEnd::stopped;
  }
}

}  // namespace locksmith::record
