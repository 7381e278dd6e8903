// Inflating with zlib what is too large to hold, or of unknown size.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "leaks/pack.hpp"

namespace locksmith::leaks {

bool inflate_stream(std::string_view in, std::uint64_t size,
                    const std::function<bool(std::string_view)>& on_piece) {
  z_stream z{};
  if (inflateInit(&z) != Z_OK) return false;
  std::array<char, 1 << 16> out;
  std::uint64_t made = 0;
  int state = Z_OK;
  bool go_on = true;
  while (state == Z_OK && go_on && made <= size) {
    if (z.avail_in == 0) {
      const auto piece = in.substr(0, std::min<std::size_t>(in.size(), 1u << 30));
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      z.avail_in = static_cast<uInt>(piece.size());
      in.remove_prefix(piece.size());
    }
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = out.size();
    state = ::inflate(&z, Z_NO_FLUSH);
    const std::size_t got = out.size() - z.avail_out;
    made += got;
    if (got > 0) go_on = on_piece({out.data(), got});
  }
  inflateEnd(&z);
  return state == Z_STREAM_END && go_on && made == size;
}

}  // namespace locksmith::leaks
