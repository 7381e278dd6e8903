// A shape, a line feed, a value: neither may crash or hang the matcher, and what a shape generates
// must match it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "credential/shape.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::credential;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view value = text.substr(std::min(end + 1, text.size()));
  const auto shape = Shape::parse(text.substr(0, end));
  if (!shape) return 0;
  const bool matches = shape->matches(value);
  const Shape::Mismatch mismatch = shape->mismatch(value);
  if (matches != (mismatch.matched == value.size() && mismatch.missing == 0)) __builtin_trap();
  if (matches && !value.starts_with(shape->literal_prefix())) __builtin_trap();
  const std::string example = shape->generate(size);
  if (!shape->matches(example)) __builtin_trap();
  if (example.size() < shape->min_length() || example.size() > shape->max_length())
    __builtin_trap();
  return 0;
}
