// Whatever a client sends: a request that the authority accepts is one to Boost.Beast too, and the
// same one to its last byte. Two parsers that disagree are how requests are smuggled.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "server/request_reader_oracle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto difference = locksmith::server::oracle::difference(bytes, {2048, 4096});
  if (difference.empty()) return 0;
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}
