// A byte's offset, a text that claims to be a source map: no crash, no hang.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "leaks/content.hpp"
#include "leaks/source_map.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view map(reinterpret_cast<const char*>(data) + 1, size - 1);
  locksmith::leaks::original_of(map, data[0]);
  locksmith::leaks::name_before(map, std::min<std::size_t>(data[0], map.size()));
  return 0;
}
