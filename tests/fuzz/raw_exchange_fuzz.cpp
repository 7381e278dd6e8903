// A transcript from anywhere must be read or refused; what is read has a failing exchange.
#include <cstdint>
#include <cstdlib>

#include "http/raw_exchange.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::http;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Request request;
  request.url = "https://a.test/v1";
  for (const auto& bundle : {read_response(text, request), read_raw_exchange(text)}) {
    if (bundle && bundle->failing >= bundle->exchanges.size()) std::abort();
  }
  return 0;
}
