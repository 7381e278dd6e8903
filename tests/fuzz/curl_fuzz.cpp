// Feeds arbitrary text to the reader of pasted curl commands, and what it read back through
// to_curl(): whatever was pasted, the request that comes out must survive being written and read.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/curl_command.hpp"

namespace {

using locksmith::http::CurlCommand;
using locksmith::http::CurlReading;
using locksmith::http::Shell;

// Files come from the input itself, never from the machine: "-K x" reads its own command again.
CurlReading reading(std::string_view text, Shell shell) {
  return {shell,
          [content = std::string(text)](const std::string& path) -> locksmith::Result<std::string> {
            if (path.size() % 2 == 0)
              return locksmith::fail(locksmith::ErrorCode::unreadable, "no such file");
            return content;
          }};
}

void require(bool holds) {
  if (!holds) std::abort();
}

// What to_curl() promises for: header names and URLs that curl itself could send.
bool is_plain(const CurlCommand& command) {
  for (const auto& header : command.request.headers) {
    if (header.name.empty() || header.name.find_first_of(":;@\n\r") != std::string::npos)
      return false;
  }
  return command.request.method != "" && command.request.url.find('\0') == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Shell shell : {Shell::posix, Shell::cmd, Shell::detect}) {
    const auto command = locksmith::http::parse_curl_text(text, reading(text, shell));
    if (!command || !is_plain(*command)) continue;
    const std::string written = locksmith::http::to_curl(command->request);
    const auto again = locksmith::http::parse_curl_text(written, reading("", Shell::posix));
    require(again.has_value());
    require(again->request.url == command->request.url);
    require(again->request.method == command->request.method);
    require(again->request.body == command->request.body);
  }
  return 0;
}
