#include "doctor/redirect.hpp"

#include <gtest/gtest.h>

namespace locksmith::doctor {
namespace {

const std::string key = std::string("acme_live_") + std::string(20, 'k');

http::Exchange redirected(int status, std::string location, std::string method = "GET") {
  http::Exchange exchange;
  exchange.request.method = std::move(method);
  exchange.request.url = "https://api.acme.test/v1/me?page=2";
  exchange.request.headers = {{"Authorization", "Bearer " + key}, {"X-Api-Key", key},
                              {"X-Acme-Session-Id", key},         {"Cookie", "session=" + key},
                              {"User-Agent", "acme/1"},           {"Accept", "application/json"}};
  exchange.request.body = "client_secret=" + key;
  exchange.response.status = status;
  exchange.response.headers = {{"Location", std::move(location)}};
  return exchange;
}

TEST(redirect, keeps_everything_within_the_origin) {
  for (const char* location : {"/v2/me", "https://api.acme.test/v2/me",
                               "https://API.acme.test:443/v2/me", "//api.acme.test/v2/me"}) {
    const http::Request next = next_request(redirected(307, location));
    EXPECT_EQ(next.headers.size(), 6u) << location;
    EXPECT_TRUE(next.url.ends_with("/v2/me")) << location;
  }
}

// curl would carry X-Api-Key along; here no header that could hold a key crosses an origin.
TEST(redirect, carries_no_secret_to_another_origin) {
  for (const char* location :
       {"https://login.acme.test/", "http://api.acme.test/v1/me", "https://api.acme.test:8443/",
        "//evil.test/", "https://api.acme.test@evil.test/", "https://api.acme.test.evil.test/"}) {
    const http::Request next = next_request(redirected(307, location, "POST"));
    for (const http::Header& header : next.headers) EXPECT_FALSE(header.value.contains(key));
    EXPECT_EQ(next.headers.size(), 2u) << location;
    EXPECT_EQ(next.body, "") << location;
  }
}

TEST(redirect, turns_a_post_into_a_get_where_clients_do) {
  EXPECT_EQ(next_request(redirected(303, "/x", "POST")).method, "GET");
  EXPECT_EQ(next_request(redirected(303, "/x", "PUT")).method, "GET");
  EXPECT_EQ(next_request(redirected(302, "/x", "POST")).method, "GET");
  EXPECT_EQ(next_request(redirected(302, "/x", "POST")).body, "");
  EXPECT_EQ(next_request(redirected(302, "/x", "PUT")).method, "PUT");
  EXPECT_EQ(next_request(redirected(307, "/x", "POST")).method, "POST");
  EXPECT_EQ(next_request(redirected(303, "/x", "HEAD")).method, "HEAD");
}

TEST(redirect, needs_a_place_to_go_to) {
  http::Response response;
  response.status = 302;
  EXPECT_FALSE(is_redirect(response));
  response.headers.add("Location", "/x");
  EXPECT_TRUE(is_redirect(response));
  response.status = 304;
  EXPECT_FALSE(is_redirect(response));
}

TEST(redirect, sees_a_secret_that_a_server_moved_into_the_url) {
  const http::Request original = redirected(302, "/").request;
  http::Request next;
  next.url = "https://evil.test/?state=" + key;
  EXPECT_TRUE(url_holds_secret_of(next, original));
  next.url = "https://evil.test/?state=%61" + key.substr(1);
  EXPECT_TRUE(url_holds_secret_of(next, original));
  next.url = "https://evil.test/?state=1";
  EXPECT_FALSE(url_holds_secret_of(next, original));
}

}  // namespace
}  // namespace locksmith::doctor
