// Requests that are nearly right, hundreds of thousands of them: what our reader accepts, Beast
// reads in the same way.
#include "server/request_reader_oracle.hpp"

#include <gtest/gtest.h>

#include <random>

namespace locksmith::server {
namespace {

const std::vector<std::string> requests{
    "GET /v1/auth?a=b HTTP/1.1\r\nHost: a\r\nX-Api-Key: abc\r\nAccept: */*\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive, x\r\nUser-Agent:\t y \r\n\r\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nConnection: close\r\n\r\n"
    "{\"key\": \"a\"}",
    "POST /c HTTP/1.1\r\nhost:a\r\ntransfer-encoding: Chunked\r\n\r\n"
    "5\r\nhello\r\n1;a=b;c=\"d\\\"\"\r\n!\r\n0\r\nT: x\r\nU:\r\n\r\n",
    "PUT /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA ; "
    "x\r\n0123456789\r\n00\r\n\r\n",
    "POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "OPTIONS * HTTP/1.1\r\nHost: \r\nProxy-Connection: close\r\nX-Empty:\r\n\r\n",
    "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\nX-Obs: \xff\xfe\r\nX_Under.score: 1\r\n\r\n"};

// What breaks parsers, and what makes one request of another.
const std::vector<std::string> pieces{"\r\n",
                                      "\r",
                                      "\n",
                                      "\r\n\r\n",
                                      " ",
                                      "\t",
                                      ":",
                                      ",",
                                      ";",
                                      "=",
                                      "\"",
                                      "\\",
                                      "0",
                                      "1",
                                      "f",
                                      std::string(1, '\0'),
                                      "\x7f",
                                      "\x80",
                                      "\x0b",
                                      "Content-Length: 3\r\n",
                                      "Content-Length: 0\r\n",
                                      "Transfer-Encoding: chunked\r\n",
                                      "Host: b\r\n",
                                      "Connection: close\r\n",
                                      "Connection: keep-alive,,close\r\n",
                                      "Connection: a b\r\n",
                                      " HTTP/1.1",
                                      "HTTP/1.0",
                                      "chunked",
                                      "+",
                                      "-",
                                      "0x",
                                      "0\r\n\r\n",
                                      "X: y\r\n",
                                      "\r\n z",
                                      "X:\r\n",
                                      ": ",
                                      "close",
                                      "identity",
                                      "ffffffffffffffff",
                                      "18446744073709551615",
                                      std::string(70, 'x')};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string next() {
    std::string bytes = requests[below(requests.size())];
    if (below(4) == 0) bytes += requests[below(requests.size())];
    for (auto changes = 1 + below(3); changes > 0; --changes) change(bytes);
    return bytes;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void change(std::string& bytes) {
    const auto at = below(bytes.size() + 1);
    const auto size = std::min(bytes.size() - at, 1 + below(below(4) == 0 ? 30 : 2));
    switch (below(6)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random_());
        return;
      case 1:
        bytes.erase(at, size);
        return;
      case 2:
        bytes.insert(at, bytes.substr(at, size));
        return;
      case 3:
        bytes.replace(at, size, pieces[below(pieces.size())]);
        return;
      case 4:  // as a line of its own
        if (const auto line = bytes.find("\r\n", at); line != bytes.npos)
          bytes.insert(line + 2, pieces[below(pieces.size())]);
        return;
      default:
        bytes.insert(at, pieces[below(pieces.size())]);
    }
  }

  std::minstd_rand random_;
};

TEST(RequestReaderOracle, AgreesWithBeast) {
  constexpr std::size_t tries = 200'000;
  Mutator mutator(20261121);
  std::size_t read = 0;
  for (std::size_t i = 0; i < tries; ++i) {
    const auto bytes = mutator.next();
    const auto difference = oracle::difference(bytes, {2048, 4096}, &read);
    ASSERT_EQ(difference, "") << base::printable(bytes);
  }
  // Else the mutations break everything and nothing has been compared.
  EXPECT_GT(read, tries / 4);
  EXPECT_LT(read, tries);
}

// The oracle itself notices: what it says of requests that only one of the two takes.
TEST(RequestReaderOracle, TellsWhatWasForgiven) {
  const auto strict = [](std::string_view bytes) {
    const auto reading = oracle::ask_beast(bytes, {2048, 4096});
    EXPECT_TRUE(reading.whole) << bytes;
    return reading.strict;
  };
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_TRUE(strict(get + "\r\n"));
  EXPECT_FALSE(strict(get + "X: a\r\n b\r\n\r\n"));
  EXPECT_FALSE(strict(get + "Host: a\r\n\r\n"));
  EXPECT_FALSE(strict(get + "Content-Length: 1, 1\r\n\r\nx"));
  EXPECT_FALSE(strict(get + "Transfer-Encoding: chunked, identity\r\n\r\n"));
}

}  // namespace
}  // namespace locksmith::server
