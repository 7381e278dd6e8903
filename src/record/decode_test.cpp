#include "record/decode.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace locksmith::record {
namespace {

std::string compress(std::string text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Decode, GzipAndBothKindsOfDeflate) {
  const std::string text = R"({"error":"expired"})";
  EXPECT_EQ(decode(compress(text, 31), "GZip", 1000), text);
  EXPECT_EQ(decode(compress(text, 15), "deflate", 1000), text);
  EXPECT_EQ(decode(compress(text, -15), "deflate", 1000), text);
}

TEST(Decode, ABombStopsAtTheLimit) {
  EXPECT_EQ(decode(compress(std::string(10'000'000, 'a'), 31), "gzip", 5000)->size(), 5000u);
}

TEST(Decode, WhatIsCutOffYieldsItsStart) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * i);
  const std::string packed = compress(text, 31);
  const auto start = decode(packed.substr(0, packed.size() / 2), "gzip", 100'000);
  ASSERT_TRUE(start && start->size() > 100);
  EXPECT_TRUE(text.starts_with(*start));
}

TEST(Decode, WhatIsNotCompressedStaysAsItIs) {
  http::Exchange exchange;
  exchange.response.headers.add("Content-Encoding", "gzip");
  exchange.response.body = "not gzip at all";
  decode_bodies(exchange);
  EXPECT_EQ(exchange.response.body, "not gzip at all");
  EXPECT_FALSE(decode("x", "compress", 10));
}

}  // namespace
}  // namespace locksmith::record
