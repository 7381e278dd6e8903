// The login of a .netrc file, as curl and ftp read it.
#include "http/netrc.hpp"

#include <gtest/gtest.h>

namespace locksmith::http {
namespace {

// "user/password", or "none".
std::string login(std::string_view text, std::string_view host = "api.acme.test") {
  const auto found = netrc_login(text, host);
  return found ? found->user + "/" + found->password : "none";
}

TEST(Netrc, FindsTheEntryOfTheHost) {
  EXPECT_EQ(login("machine api.acme.test login ann password pass1"), "ann/pass1");
  EXPECT_EQ(login("machine a.test\nlogin x\npassword y\n\nmachine api.acme.test\n  login ann\n"
                  "  password pass1\nmachine z.test login q password r\n"),
            "ann/pass1");
  EXPECT_EQ(login("machine API.Acme.Test login ann password p"), "ann/p");
  EXPECT_EQ(login("machine other.test login ann password p"), "none");
  EXPECT_EQ(login(""), "none");
}

TEST(Netrc, FirstEntryThatFitsCounts) {
  EXPECT_EQ(login("machine api.acme.test login a password 1\n"
                  "machine api.acme.test login b password 2\n"),
            "a/1");
  EXPECT_EQ(login("machine api.acme.test login a password 1\ndefault login b password 2\n"), "a/1");
}

TEST(Netrc, DefaultStandsInForEveryHost) {
  EXPECT_EQ(login("machine x.test login a password 1\ndefault login b password 2\n"), "b/2");
}

TEST(Netrc, AnEntryMayBeIncomplete) {
  EXPECT_EQ(login("machine api.acme.test password p"), "/p");
  EXPECT_EQ(login("machine api.acme.test login ann"), "ann/");
  EXPECT_EQ(login("machine api.acme.test"), "/");
  EXPECT_EQ(login("machine api.acme.test login"), "/");
  EXPECT_EQ(login("machine"), "none");
}

TEST(Netrc, AccountIsNotThePassword) {
  EXPECT_EQ(login("machine api.acme.test login ann account acc password p"), "ann/p");
}

TEST(Netrc, CommentsAndWindowsLineEndsAreNoPartOfIt) {
  EXPECT_EQ(login("# machine api.acme.test login no password no\r\nmachine api.acme.test\r\n"
                  "login ann # her own\r\npassword p\r\n"),
            "ann/p");
}

// A password may be any word, those of the format too, also in an entry of another host.
TEST(Netrc, ValuesAreNotKeywords) {
  EXPECT_EQ(login("machine a.test login default password machine\n"
                  "machine api.acme.test login password password login"),
            "password/login");
  EXPECT_EQ(login("machine a.test login x password default"), "none");
}

TEST(Netrc, QuotedWordsHoldBlanksAndEscapes) {
  EXPECT_EQ(login(R"(machine api.acme.test login "ann lee" password "a \"b\"\t#c\\")"),
            "ann lee/a \"b\"\t#c\\");
  EXPECT_EQ(login("machine api.acme.test login ann password \"never closed"), "ann/never closed");
}

TEST(Netrc, MacrosAreSteppedOver) {
  EXPECT_EQ(login("macdef init\nmachine api.acme.test login no password no\n\n"
                  "machine api.acme.test login ann password p\n"),
            "ann/p");
}

}  // namespace
}  // namespace locksmith::http
