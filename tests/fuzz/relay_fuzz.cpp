// Whatever passes through the recording proxy is read the same in one piece as byte by byte, and
// never stops the reader from making progress. Input: what the client sends, a NUL, what the server
// sends.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "record/client_hello.hpp"
#include "record/observer.hpp"

namespace {

using locksmith::http::Exchange;
using locksmith::record::Observer;

void feed(std::string_view text, std::size_t size, auto take) {
  while (!text.empty()) {
    take(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
}

std::vector<Exchange> record(std::string_view client, std::string_view server, std::size_t size) {
  std::vector<Exchange> exchanges;
  Observer observer(
      "https://a.test", {}, [&](Exchange one) { exchanges.push_back(std::move(one)); },
      [] { return locksmith::base::Time{}; });
  feed(client, size, [&](std::string_view bytes) { observer.from_client(bytes); });
  feed(server, size, [&](std::string_view bytes) { observer.from_server(bytes); });
  observer.closed();
  return exchanges;
}

bool same(const Exchange& a, const Exchange& b) {
  return a.request.method == b.request.method && a.request.url == b.request.url &&
         a.request.headers.size() == b.request.headers.size() && a.request.body == b.request.body &&
         a.response.status == b.response.status && a.response.body == b.response.body &&
         a.response.headers.size() == b.response.headers.size() && a.partial == b.partial;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = std::min(text.find('\0'), text.size());
  const std::string_view client = text.substr(0, middle);
  const std::string_view server = text.substr(std::min(middle + 1, text.size()));
  const auto whole = record(client, server, text.size() + 1);
  for (const std::size_t piece : {1, 3}) {
    const auto pieces = record(client, server, piece);
    if (pieces.size() != whole.size()) std::abort();
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (!same(whole[i], pieces[i])) std::abort();
    }
  }
  locksmith::record::ClientHello hello;
  locksmith::record::read_client_hello(text, hello);
  return 0;
}
