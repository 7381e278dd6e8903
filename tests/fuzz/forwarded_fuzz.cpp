// Whatever a client writes into Forwarded, what its proxy appends is read as the proxy meant it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/forwarded_element.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::server;
  const std::string_view client(reinterpret_cast<const char*>(data), size);
  for (std::string_view rest = client; !rest.empty();) {
    const auto element = take_last_forwarded(rest);
    // A view into what was sent, or nothing.
    if (const auto said = parse_forwarded_element(element); said)
      for (const auto value : {said->node, said->proto, said->host})
        if (!value.empty() && element.find(value) == element.npos) std::abort();
  }
  std::string sent(client);
  sent += ", for=\"[2001:db8::7]:4711\";proto=https";
  std::string_view list = sent;
  const auto said = parse_forwarded_element(take_last_forwarded(list));
  if (!said || said->node != "[2001:db8::7]:4711" || said->proto != "https" || list != client)
    std::abort();
  return 0;
}
