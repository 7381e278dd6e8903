// A token: neither its base64 nor its JSON may crash or hang the reader. The bytes are tried as
// they are, and as the claims of a token that is well-formed around them, which random base64
// seldom is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "credential/jwt.hpp"

namespace {

std::string part(std::string_view bytes) {
  std::string text = locksmith::base::base64_encode(bytes);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::credential;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (read_jwt(text) && std::ranges::count(text, '.') != 2) __builtin_trap();
  const std::string around = part(R"({"alg":"none"})") + "." + part(text) + ".";
  if (!looks_like_jwt(around)) __builtin_trap();
  const auto jwt = read_jwt(around);
  if (jwt && !jwt->signature.empty()) __builtin_trap();
  return 0;
}
