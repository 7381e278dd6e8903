// Redaction of anything keeps its length, and what it has found once it finds nowhere any more.
#include <cstdint>
#include <cstdlib>

#include "credential/redact.hpp"
#include "http/har.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  credential::Redactor redactor(1);
  if (redactor.redact_text(text).size() != size) std::abort();

  credential::Redactor learned(2);
  const std::string planted = "Zk3" + std::string(12, 'q') + "9Xw";
  learned.learn(planted);
  const std::string around = std::string(text) + planted + std::string(text);
  if (learned.redact(around).find(planted) != std::string::npos) std::abort();

  if (const auto bundle = http::read_har(text)) {
    const http::Bundle out = credential::Redactor(3).redact(*bundle);
    if (!http::read_har(http::write_har(out))) std::abort();
  }
  return 0;
}
