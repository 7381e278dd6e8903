// Whatever a client sends, the HTTP face cuts it into the same requests in one piece as in small
// ones, and never hands out a view of bytes that are gone.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "server/request_reader.hpp"

namespace {

using locksmith::server::RequestReader;
using Status = RequestReader::Status;

std::string read(std::string_view bytes, std::size_t step) {
  RequestReader reader({2048, 4096});
  std::string seen;
  while (!bytes.empty()) {
    const auto room = reader.room();
    const auto size = std::min({step, room.size(), bytes.size()});
    if (size == 0) std::abort();
    std::memcpy(room.data(), bytes.data(), size);
    bytes.remove_prefix(size);
    reader.filled(size);
    auto status = reader.next();
    for (; status == Status::request; status = reader.next()) {
      const auto& request = reader.request();
      seen.append(request.method).append(" ").append(request.target).append("\n");
      for (const auto& field : request.headers)
        seen.append(field.name).append(":").append(field.value).append("\n");
      seen.append(request.body).append(reader.keep_alive() ? "\n+\n" : "\n-\n");
    }
    // Which fault it is may depend on how much of the head was there.
    if (status == Status::bad) return seen + "bad";
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, 4096);
  if (read(bytes, 1) != whole || read(bytes, 7) != whole) std::abort();
  return 0;
}
