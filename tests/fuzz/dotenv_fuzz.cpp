// A .env file through all of its readers, and the comparison of what they make of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "settings/dotenv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::settings;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }) + 1;
  const auto readings = read_as_all(text);
  for (const Reading& reading : readings) {
    if (!reading.settings) continue;
    for (const Setting& setting : *reading.settings) {
      if (setting.line < 1 || setting.line > lines) __builtin_trap();
      if (reading.find(setting.name) == nullptr) __builtin_trap();
    }
  }
  disagreements(readings, "A");
  return 0;
}
