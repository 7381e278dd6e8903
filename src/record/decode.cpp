#include "record/decode.hpp"

#include <dlfcn.h>
#include <zlib.h>

#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "record/observer.hpp"

namespace locksmith::record {
namespace {

constexpr int gzip_or_zlib = 15 + 32;  // zlib.h, inflateInit2: the header tells which
constexpr int raw_deflate = -15;  // what some servers mean by "deflate" (RFC 9110 section 8.4.1.2)

std::optional<std::string> inflate_all(std::string_view bytes, int window_bits, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 16384> piece;
  int state = Z_OK;
  while (state == Z_OK && out.size() < limit) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state == Z_DATA_ERROR && out.empty()) return {};
  if (out.size() > limit) out.resize(limit);
  return out;
}

// libbrotlidec comes with libcurl, so it is nearly always there; looked up when first needed.
using BrotliDecompress = int (*)(std::size_t, const std::uint8_t*, std::size_t*, std::uint8_t*);
BrotliDecompress brotli() {
  static const auto function = [] {
    void* library = dlopen("libbrotlidec.so.1", RTLD_LAZY | RTLD_LOCAL);
    return reinterpret_cast<BrotliDecompress>(library ? dlsym(library, "BrotliDecoderDecompress")
                                                      : nullptr);
  }();
  return function;
}

std::optional<std::string> unbrotli(std::string_view bytes, std::size_t limit) {
  if (!brotli()) return {};
  std::string out(limit, '\0');
  std::size_t size = limit;
  constexpr int success = 1;  // BROTLI_DECODER_RESULT_SUCCESS, brotli/decode.h
  if (brotli()(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
               reinterpret_cast<std::uint8_t*>(out.data())) != success)
    return {};
  out.resize(size);
  return out;
}

void decode_body(const http::Headers& headers, std::string& body) {
  const std::string_view encoding = base::trim(headers.get("Content-Encoding"));
  if (encoding.empty() || body.empty()) return;
  if (auto decoded = decode(body, encoding, most_body_bytes)) body = std::move(*decoded);
}

}  // namespace

std::optional<std::string> decode(std::string_view bytes, std::string_view encoding,
                                  std::size_t limit) {
  const std::string name = base::lower(encoding);
  if (name == "identity") return std::string(bytes.substr(0, limit));
  if (name == "gzip" || name == "x-gzip") return inflate_all(bytes, gzip_or_zlib, limit);
  if (name == "br") return unbrotli(bytes, limit);
  if (name != "deflate") return {};
  auto decoded = inflate_all(bytes, gzip_or_zlib, limit);
  return decoded ? decoded : inflate_all(bytes, raw_deflate, limit);
}

void decode_bodies(http::Exchange& exchange) {
  decode_body(exchange.request.headers, exchange.request.body);
  decode_body(exchange.response.headers, exchange.response.body);
}

}  // namespace locksmith::record
