// Credentials taken out of requests, exchanged and moved.
#include "probe/rewrite.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace locksmith::probe {
namespace {

http::Request request(std::string url, std::vector<http::Header> headers = {}) {
  http::Request made;
  made.url = std::move(url);
  for (http::Header& header : headers) made.headers.push_back(std::move(header));
  return made;
}

const credential::Placement path_placement{
    .place = credential::Place::path, .name = "/bot", .scheme = ""};

credential::Credential first_of(const http::Request& r) {
  return credential::find_credentials(r, {&path_placement, 1}).at(0);
}

TEST(rewrite, in_a_header) {
  const http::Request r =
      request("https://a.test/", {{"authorization", "Bearer old\n"}, {"X-Other", "1"}});
  EXPECT_EQ(with_secret(r, first_of(r), "new")->headers[0].value, "Bearer new");
  EXPECT_EQ(without(r, first_of(r))->headers.size(), 1U);
}

TEST(rewrite, in_a_basic_pair_the_other_half_stays) {
  const auto basic = [](std::string pair) {
    return request("https://a.test/", {{"Authorization", "Basic " + base::base64_encode(pair)}});
  };
  const auto rewritten = [](const http::Request& r) {
    return base::base64_decode(with_secret(r, first_of(r), "new")->headers[0].value.substr(6));
  };
  EXPECT_EQ(rewritten(basic("me:old")), "me:new");
  EXPECT_EQ(rewritten(basic("old:")), "new:");
}

TEST(rewrite, in_a_query) {
  const http::Request r = request("https://a.test/v1?page=1&api_key=old%0A&x=a+b#f");
  EXPECT_EQ(with_secret(r, first_of(r), "n&w")->url,
            "https://a.test/v1?page=1&api_key=n%26w&x=a+b#f");
  EXPECT_EQ(without(r, first_of(r))->url, "https://a.test/v1?page=1&x=a+b#f");
}

TEST(rewrite, in_a_cookie) {
  http::Request r = request("https://a.test/", {{"Cookie", "a=1; token=old; b=2"}});
  EXPECT_EQ(with_secret(r, first_of(r), "new")->headers[0].value, "a=1; token=new; b=2");
  EXPECT_EQ(without(r, first_of(r))->headers[0].value, "a=1; b=2");
  r.headers[0].value = "token=old";
  EXPECT_TRUE(without(r, first_of(r))->headers.empty());
}

TEST(rewrite, in_userinfo_and_path) {
  const http::Request user = request("https://me:old@a.test/v1");
  EXPECT_EQ(with_secret(user, first_of(user), "n@w")->url, "https://me:n%40w@a.test/v1");
  EXPECT_EQ(without(user, first_of(user))->url, "https://a.test/v1");
  const http::Request path = request("https://a.test/botold/getMe");
  EXPECT_EQ(with_secret(path, first_of(path), "new")->url, "https://a.test/botnew/getMe");
  EXPECT_FALSE(without(path, first_of(path)));
}

TEST(rewrite, to_where_a_provider_wants_it) {
  const http::Request r = request("https://a.test/v1?x=1");
  catalogue::Placement placement;
  placement.name = "Authorization";
  placement.scheme = "Token";
  EXPECT_EQ(with_placed(r, placement, "k")->headers[0].value, "Token k");
  placement.scheme = "Basic";
  placement.basic_part = "password";
  placement.basic_user = "__token__";
  EXPECT_EQ(with_placed(r, placement, "k")->headers[0].value,
            "Basic " + base::base64_encode("__token__:k"));
  placement = {};
  placement.name = "X-Api-Key";
  EXPECT_EQ(with_placed(r, placement, "k")->headers[0].value, "k");
  placement.place = credential::Place::query;
  placement.name = "key";
  EXPECT_EQ(with_placed(r, placement, "k")->url, "https://a.test/v1?x=1&key=k");
  placement.place = credential::Place::path;
  EXPECT_FALSE(with_placed(r, placement, "k"));
}

TEST(rewrite, a_random_value_keeps_the_shape) {
  const std::string value = std::string("ab_") + "12-Xyz09";
  const std::string random = random_like(value, 3, 7);
  EXPECT_EQ(random.substr(0, 3), "ab_");
  EXPECT_NE(random, value);
  EXPECT_EQ(random, random_like(value, 3, 7));
  EXPECT_NE(random, random_like(value, 3, 8));
  for (std::size_t i = 0; i < value.size(); ++i) {
    EXPECT_EQ(!!isdigit(value[i]), !!isdigit(random[i]));
    EXPECT_EQ(!!isupper(value[i]), !!isupper(random[i]));
    EXPECT_EQ(!!islower(value[i]), !!islower(random[i]));
  }
  for (const char c : random_like(std::string(40, 'a') + std::string(10, '0'), 0, 3))
    EXPECT_TRUE(isxdigit(c));
}

}  // namespace
}  // namespace locksmith::probe
