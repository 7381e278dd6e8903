// The chunked coding: the same body however the bytes arrive, and no end but the one that is there.
#include "server/chunked.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace locksmith::server {
namespace {

// The body and how many bytes it took, "abc 21"; or "400"; or "…" when there is too little. Given
// in pieces of `step` bytes and decoded in place, as the reader does.
std::string decode(std::string_view bytes, std::size_t step,
                   ChunkedDecoder::Limits limits = {100, 40}) {
  ChunkedDecoder decoder(limits);
  std::string buffer;
  std::size_t body = 0, taken = 0;
  while (!bytes.empty()) {
    buffer += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    const auto progress =
        decoder.decode(std::string_view(buffer).substr(body), buffer.data() + body);
    taken += progress.taken;
    buffer.erase(body + progress.written, progress.taken - progress.written);
    body += progress.written;
    if (progress.status == Parsed::bad) return std::to_string(decoder.fault().status);
    if (progress.status == Parsed::whole)
      return buffer.substr(0, body) + " " + std::to_string(taken);
  }
  return "…";
}

void expect(std::string_view bytes, std::string_view expected,
            ChunkedDecoder::Limits limits = {100, 40}) {
  for (const std::size_t step : {1, 2, 3, 5, 1000})
    EXPECT_EQ(decode(bytes, step, limits), expected) << bytes << " by " << step;
}

TEST(ChunkedDecoder, TakesTheCodingOff) {
  expect("0\r\n\r\n", " 5");
  expect("0\r\n\r\nGET", " 5");
  expect("3\r\nabc\r\n0\r\n\r\n3\r\nabc", "abc 13");
  expect("1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n", "\r\n 17");
  expect("00a\r\n0123456789\r\nB\r\n0123456789a\r\n000\r\n\r\n", "01234567890123456789a 40");
  expect("1;a;b=c; d = \"e;\\\"\t\xff\" ;f\r\nx\r\n0 ;g\r\n\r\n", "x 37");
  expect("0\r\nA: b\r\nC:\r\n\r\nGET", " 15");
}

TEST(ChunkedDecoder, WaitsForWhatIsMissing) {
  const std::string_view bytes = "1;a=\"b\"\r\nx\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 1; size < bytes.size(); ++size) expect(bytes.substr(0, size), "…");
  expect(bytes, "x 23");
}

TEST(ChunkedDecoder, RefusesWhatIsNoChunk) {
  for (const std::string_view bytes : {"\r\n",
                                       "g\r\n",
                                       "-1\r\n",
                                       "+1\r\n",
                                       "0x1\r\n",
                                       " 1\r\n",
                                       "1 \r\n",
                                       "1\n",
                                       "\n",
                                       "1\r1\r\n",
                                       "1,2\r\n",
                                       "10000000000000000\r\n",
                                       "00000000000000001\r\n",  // 17 digits
                                       "1;\r\n",
                                       "1;=\r\n",
                                       "1;a=\r\n",
                                       "1;a b\r\n",
                                       "1;a=\"\r\n",
                                       "1;a=\"b\"c\r\n",
                                       "1;a=\"\\\r\n",
                                       "1;a\x01\r\n",
                                       "1;a=\"\x7f\"\r\n",
                                       "1;a=\"\r\"\r\n",
                                       "1;a\r;b\r\n",
                                       "1;(\r\n",
                                       "1\r\nxy\r\n",
                                       "1\r\nx\n\n",
                                       "1\r\nx\rz",
                                       "2\r\nx\r\n0\r\n",
                                       "0\r\nX\r\n\r\n",
                                       "0\r\n X: y\r\n\r\n",
                                       "0\r\nX: y\r\n z\r\n\r\n",
                                       "0\r\n\nX: y\r\n\r\n",
                                       "0\r\nContent-Length: 3\r\n\r\nabc",
                                       "0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
    expect(bytes, "400");
}

TEST(ChunkedDecoder, KeepsItsLimits) {
  expect("5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n", "abcdeabcde 25", {10, 0});
  expect("5\r\nabcde\r\n6\r\n", "413", {10, 0});
  expect("ffffffffffffffff\r\n", "413");
  expect("1;" + std::string(100, 'x'), "400");
  expect("0\r\nX: " + std::string(100, 'x'), "400");
  // Not each for itself: in the sum.
  const std::string chunk = "1;" + std::string(9, 'e') + "\r\nx\r\n";
  expect(chunk + chunk + chunk + chunk + "0\r\n\r\n", "xxxx 69", {100, 40});
  expect(chunk + chunk + chunk + chunk + "0;e\r\n\r\n", "400", {100, 40});
  expect(chunk + chunk + chunk + "0\r\nX: 1\r\nY: 2\r\n\r\n", "400", {100, 40});
}

}  // namespace
}  // namespace locksmith::server
