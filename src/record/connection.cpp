// What a client wants of a proxy: a tunnel (CONNECT), or a request passed on (an absolute URL).
#include "record/connection.hpp"

#include <array>
#include <string>

#include "base/text.hpp"
#include "record/forward.hpp"
#include "record/http1.hpp"
#include "record/tunnel.hpp"

namespace locksmith::record {
namespace {

constexpr int head_timeout_ms = 600'000;  // clients open connections ahead of need

// The first head, and the bytes behind it. Nothing when none came.
std::optional<Head> first_head(Stream& client, std::string& rest, int stop) {
  MessageReader reader(Side::request);
  for (;;) {
    std::array<char, 16384> buffer;
    std::size_t count = 0;
    const Io io = client.read(buffer.data(), buffer.size(), count);
    if (io == Io::want_read &&
        wait_for(client.socket(), false, stop, head_timeout_ms) == Wait::ready)
      continue;
    if (io != Io::done) return {};
    const MessageReader::Step step = reader.next({buffer.data(), count});
    if (step.event == MessageReader::Event::opaque) return {};
    if (step.event != MessageReader::Event::head) continue;
    rest.assign(buffer.data() + step.consumed, count - step.consumed);
    return reader.head();
  }
}

}  // namespace

void serve(Stream client, const Surroundings& surroundings) {
  std::string rest;
  const auto head = first_head(client, rest, surroundings.stop);
  if (!head) return;
  if (head->method == "CONNECT") {
    client.unread(std::move(rest));
    return serve_tunnel(std::move(client), *head, surroundings);
  }
  serve_forward(std::move(client), head->raw + rest, surroundings);
}

}  // namespace locksmith::record
