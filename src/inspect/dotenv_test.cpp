// Lines of .env files as loaders read them, and what is odd about them.
#include "inspect/dotenv.hpp"

#include <gtest/gtest.h>

namespace locksmith::inspect {
namespace {

// "name=value@line" and the flags q(uoted) r(eturn) c(omment) s(paces) b(om).
std::vector<std::string> read(std::string_view text) {
  std::vector<std::string> out;
  for (const Assignment& a : read_dotenv(text)) {
    std::string flags;
    if (a.quoted) flags += 'q';
    if (a.carriage_return) flags += 'r';
    if (a.comment) flags += 'c';
    if (a.spaces) flags += 's';
    if (a.byte_order_mark) flags += 'b';
    out.push_back(a.name + "=" + a.value + "@" + std::to_string(a.line) + flags);
  }
  return out;
}
using Read = std::vector<std::string>;

TEST(Dotenv, Assignments) {
  EXPECT_EQ(read("A=1\nB=two\n"), (Read{"A=1@1", "B=two@2"}));
  EXPECT_EQ(read("A=1"), Read{"A=1@1"});
  EXPECT_EQ(read("A=\nB=b=c=="), (Read{"A=@1", "B=b=c==@2"}));
  EXPECT_EQ(read(""), Read{});
}

TEST(Dotenv, WhatIsNoAssignment) {
  EXPECT_EQ(read("# A=1\n\n   \nno equals\n=x\nA B=1\n  #B=2\n\"A\"=1\n"), Read{});
}

TEST(Dotenv, Export) { EXPECT_EQ(read("export A=1\n  export   B=2"), (Read{"A=1@1", "B=2@2"})); }

TEST(Dotenv, Quotes) {
  EXPECT_EQ(read("A=\"a b\"\nB='c # d'\nC=\"\""), (Read{"A=a b@1q", "B=c # d@2q", "C=@3q"}));
  EXPECT_EQ(read("A=\"open\nB='"), (Read{"A=\"open@1", "B='@2"}));
  EXPECT_EQ(read("A=\"a\" # note"), Read{"A=a@1qc"});
}

TEST(Dotenv, Comments) { EXPECT_EQ(read("A=a # note\nB=a#b"), (Read{"A=a@1c", "B=a#b@2"})); }

TEST(Dotenv, BlanksAndLineEnds) {
  EXPECT_EQ(read("A = a\nB=b \nC=c\r\nD=\"d\"\r\n"),
            (Read{"A=a@1s", "B=b@2s", "C=c@3r", "D=d@4qr"}));
}

TEST(Dotenv, AByteOrderMarkStandsBeforeTheFirstName) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "A=1\nB=2"),
            (Read{"A=1@1b", "B=2@2"}));
}

TEST(Dotenv, RawIsWhatStandsThere) { EXPECT_EQ(read_dotenv("A= 'x' # y").at(0).raw, " 'x' # y"); }

// Its base64 must not be read as assignments.
TEST(Dotenv, APemBlockIsOneValue) {
  const std::string block =
      std::string("-----BEGIN ") + "KEY-----\nMIIB+abc\nMIIC=\n-----END KEY-----";
  EXPECT_EQ(read("A=1\nK=\"" + block + "\"\nB=2"), (Read{"A=1@1", "K=" + block + "@2q", "B=2@6"}));
  EXPECT_EQ(read("K='" + block + "'").size(), 1u);
  EXPECT_EQ(read("K=\"-----BEGIN x\nB=2"), (Read{"K=\"-----BEGIN x@1", "B=2@2"}));  // never closed
}

}  // namespace
}  // namespace locksmith::inspect
