// A locksmith.toml from anywhere is read or refused with every fault; what was read can be decided
// with.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "authority/decide.hpp"
#include "authority/server_settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::authority;
  const auto settings = read_settings({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
  if (!settings) {
    if (settings.error().message.empty()) std::abort();
    return 0;
  }
  const auto snapshot = Snapshot::make(settings->policy, {{.id = "acct_1"}}, {});
  if (!snapshot) std::abort();
  Limits limits;
  const Request request{.method = "GET", .host = "a.example.com", .target = "/v1/x?api_key=y"};
  (void)decide(*snapshot, request, Instant{}, limits);
  return 0;
}
