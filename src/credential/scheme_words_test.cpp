// A scheme that nobody registered, and a key that a blank has broken.
#include "credential/scheme_words.hpp"

#include <gtest/gtest.h>

#include "credential/credential.hpp"

namespace locksmith::credential {
namespace {

TEST(SchemeWords, AreWordsAndNotLetters) {
  for (const char* word : {"GoogleLogin", "KakaoAK", "Custom-Key", "SSWS", "Splunk", "customtoken",
                           "Vault", "HMAC", "Api-Token"}) {
    EXPECT_TRUE(written_like_scheme(word)) << word;
  }
  for (const char* word : {"", "-", "abcdefghij", "qWeRtZuIoP", "AbCdEfGhIj", "correct", "HQMZKFPW",
                           "Sk4live", "Custom-", "WordWordWordWordWord"}) {
    EXPECT_FALSE(written_like_scheme(word)) << word;
  }
}

// Nothing of a key may stand where a scheme is shown.
TEST(SchemeWords, ABrokenKeyIsNoScheme) {
  for (const std::string key : {"qwertzuiopas", "qWeRtZuIoPaS", "QWERTZUIOPAS"}) {
    http::Request request;
    request.headers.add("Authorization", key + " yxcvbnmasdfghjkl");
    const auto found = find_credentials(request);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].scheme, "") << key;
    EXPECT_EQ(found[0].value.reveal(), key + " yxcvbnmasdfghjkl");
  }
}

TEST(SchemeWords, AnUnregisteredSchemeIsOne) {
  for (const std::string scheme : {"KakaoAK", "GoogleLogin", "custom"}) {
    http::Request request;
    request.headers.add("Authorization", scheme + " 0123456789abcdef");
    EXPECT_EQ(find_credentials(request).at(0).scheme, scheme);
  }
}

}  // namespace
}  // namespace locksmith::credential
