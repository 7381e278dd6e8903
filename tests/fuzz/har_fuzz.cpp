// A HAR from anywhere must be read or refused, and what was read must survive being written.
#include <cstdint>
#include <cstdlib>

#include "http/har.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::http;
  const auto bundle = read_har({reinterpret_cast<const char*>(data), size});
  if (!bundle) return 0;
  const auto again = read_har(write_har(*bundle));
  if (!again || again->exchanges.size() != bundle->exchanges.size()) std::abort();
  if (again->failing != bundle->failing) std::abort();
  return 0;
}
