// The transport against a real server that misbehaves in every way we know.
#include "probe/transport.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/text.hpp"
#include "tests/lab/certificate.hpp"
#include "tests/lab/fault_api.hpp"

namespace locksmith::probe {
namespace {

using namespace std::chrono_literals;

constexpr Limits quick{
    .connect = 1000ms, .total = 1500ms, .max_body_bytes = 64 << 10, .max_header_bytes = 64 << 10};

template <class T>
http::ClientOptions with(T http::ClientOptions::*option, std::type_identity_t<T> value) {
  http::ClientOptions options;
  options.*option = std::move(value);
  return options;
}

class transport : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      unsetenv(name);
    api = new lab::FaultApi;
  }
  static void TearDownTestSuite() { delete api; }

  static http::Request request(std::string url, const std::string& key_state = "good") {
    http::Request made;
    made.url = std::move(url);
    made.headers.add("Authorization", "Bearer " + api->key(key_state));
    return made;
  }
  static Result<Sent> send(const http::Request& asked, const http::ClientOptions& options = {},
                           const Limits& limits = quick) {
    auto sent = curl_transport()->send(asked, options, limits);
    if (!sent) {
      for (const auto& [state, key] : api->keys()) {
        EXPECT_FALSE((sent.error().message + sent.error().hint).contains(key)) << state;
      }
      EXPECT_FALSE(sent.error().message.contains("word")) << sent.error().message;
      EXPECT_FALSE(sent.error().message.empty());
    }
    return sent;
  }
  static Result<Sent> fault(const std::string& name, const std::string& key_state = "good") {
    return send(request(api->url(name), key_state));
  }
  static void expect_error(const Result<Sent>& sent, std::string_view text) {
    ASSERT_FALSE(sent) << "status " << sent->exchange.response.status;
    EXPECT_EQ(sent.error().code, ErrorCode::unreachable);
    EXPECT_TRUE(sent.error().message.contains(text)) << sent.error().message;
    EXPECT_FALSE(sent.error().hint.empty());
  }

  static lab::FaultApi* api;
};
lab::FaultApi* transport::api = nullptr;

TEST_F(transport, leaves_out_what_curl_was_told_to_leave_out) {
  const auto named = send(request(api->url("ok")));
  ASSERT_TRUE(named);
  EXPECT_TRUE(named->exchange.request.headers.has("User-Agent"));
  const auto unnamed = send(request(api->url("ok")),
                            with(&http::ClientOptions::removed_headers, {"User-Agent", "Accept"}));
  ASSERT_TRUE(unnamed);
  EXPECT_FALSE(unnamed->exchange.request.headers.has("User-Agent"));
  EXPECT_FALSE(unnamed->exchange.request.headers.has("Accept"));
}

TEST_F(transport, reports_both_sides_of_the_exchange) {
  const auto sent = fault("ok");
  ASSERT_TRUE(sent) << sent.error().message;
  const http::Exchange& exchange = sent->exchange;
  EXPECT_EQ(exchange.response.status, 200);
  EXPECT_EQ(exchange.response.version, "HTTP/1.1");
  EXPECT_EQ(exchange.response.headers.get("content-type"), "application/json");
  EXPECT_TRUE(exchange.response.body.contains("things"));
  EXPECT_EQ(exchange.request.version, "HTTP/1.1");
  EXPECT_EQ(exchange.request.headers.get("Accept"), "*/*");
  EXPECT_TRUE(exchange.request.headers.get("User-Agent").starts_with("curl/"));
  EXPECT_EQ(exchange.request.headers.get("Host"), "127.0.0.1:" + std::to_string(api->port()));
  EXPECT_EQ(exchange.request.headers.get("Authorization"), "Bearer " + api->key("good"));
  EXPECT_EQ(sent->remote_ip, "127.0.0.1");
  EXPECT_EQ(sent->remote_port, api->port());
  EXPECT_EQ(sent->http_version, "1.1");
  EXPECT_EQ(sent->addresses, std::vector<std::string>{"127.0.0.1:" + std::to_string(api->port())});
  EXPECT_TRUE(exchange.time);
  EXPECT_FALSE(sent->body_truncated || sent->proxy_answered || exchange.partial);
}

TEST_F(transport, the_requests_own_headers_win) {
  http::Request asked = request(api->url("ok"));
  asked.headers.add("user-agent", "mine/1");
  asked.headers.add("Accept", "text/plain");
  asked.headers.add("X-Empty", "");
  asked.headers.add("Content-Length", "99");
  const auto sent = send(asked);
  ASSERT_TRUE(sent);
  const http::Headers& headers = sent->exchange.request.headers;
  EXPECT_EQ(headers.all("User-Agent"), std::vector<std::string_view>{"mine/1"});
  EXPECT_EQ(headers.all("Accept"), std::vector<std::string_view>{"text/plain"});
  EXPECT_TRUE(headers.has("X-Empty"));
  EXPECT_FALSE(headers.has("Content-Length"));
}

TEST_F(transport, refusals_are_values) {
  const std::tuple<const char*, const char*, int> refusals[] = {
      {"expired", "expired", 401},
      {"missing-scope", "noscope", 403},
      {"plan-required", "free_plan", 402},
      {"rate-limited", "rate_limited", 429},
      {"wrong-endpoint", "good", 404},
      {"waf-blocked", "good", 403},
      {"gateway-auth", "good", 401},
      {"proxy-stripped", "good", 401},
      {"csrf", "good", 403},
      {"missing-required-header", "good", 400},
      {"login-wall", "good", 302},
  };
  for (const auto& [name, key, status] : refusals) {
    const auto sent = fault(name, key);
    ASSERT_TRUE(sent) << name << ": " << sent.error().message;
    EXPECT_EQ(sent->exchange.response.status, status) << name;
  }
}

TEST_F(transport, a_line_feed_behind_the_key_is_not_sent) {
  http::Request asked = request(api->url("ok"));
  asked.headers[0].value += "\n";
  const auto sent = send(asked);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->exchange.response.status, 200);
  asked.headers[0].value += "X-Evil: 1";
  const auto refused = send(asked);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsendable);
}

TEST_F(transport, sends_methods_and_bodies) {
  http::Request asked = request(api->url("ok"), "readonly");
  asked.method = "POST";
  asked.body = std::string(3000, 'b');  // more than 1024 bytes: libcurl would send Expect
  auto sent = send(asked);
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.response.status, 403);
  EXPECT_EQ(sent->exchange.request.headers.get("Content-Length"), "3000");
  EXPECT_FALSE(sent->exchange.request.headers.has("Expect"));
  for (const char* method : {"HEAD", "OPTIONS", "DELETE", "PUT"}) {
    asked = request(api->url("ok"));
    asked.method = method;
    sent = send(asked);
    ASSERT_TRUE(sent) << method << ": " << sent.error().message;
    EXPECT_EQ(sent->exchange.request.method, method);
    EXPECT_EQ(sent->exchange.response.status, 200) << method;
  }
}

TEST_F(transport, userinfo_becomes_a_header_as_in_curl) {
  http::Request asked;
  asked.url = api->url("ok");
  asked.url.insert(7, "me:word@");
  const auto sent = send(asked);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->exchange.request.url, api->url("ok"));
  EXPECT_EQ(sent->exchange.request.headers.get("Authorization"),
            "Basic " + base::base64_encode("me:word"));
}

TEST_F(transport, redirects_are_returned_not_followed) {
  for (const char* name : {"redirect-dropped", "endless-redirect"}) {
    const auto sent = fault(name);
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(sent->exchange.response.status / 100, 3);
    EXPECT_TRUE(sent->exchange.response.headers.has("Location"));
  }
}

TEST_F(transport, a_huge_body_is_cut_at_the_limit) {
  const auto sent = fault("gigabyte");
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.response.status, 403);
  EXPECT_EQ(sent->exchange.response.body.size(), quick.max_body_bytes);
  EXPECT_TRUE(sent->body_truncated);
}

TEST_F(transport, an_answer_that_breaks_off_or_drips_still_tells_its_status) {
  auto sent = fault("cut-off");
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.response.status, 403);
  EXPECT_EQ(sent->exchange.response.body, "{\"err");
  EXPECT_TRUE(sent->body_truncated && sent->exchange.partial);
  sent = fault("drips");
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.response.status, 401);
  EXPECT_TRUE(sent->body_truncated);
  EXPECT_LT(sent->seconds, 3);
}

TEST_F(transport, what_is_no_answer_is_an_error) {
  expect_error(fault("never-answers"), "took the request and sent no answer");
  expect_error(fault("drips-head"), "took the request and sent no answer");
  expect_error(fault("giant-head"), "more response headers");
  expect_error(fault("empty-reply"), "closed the connection without an answer");
  expect_error(fault("not-http"), "not HTTP");
  expect_error(fault("bad-status"), "not HTTP");
}

TEST_F(transport, a_head_beyond_libcurls_own_limit_is_told_alike) {
  Limits wide = quick;
  wide.max_header_bytes = 64 << 20;
  expect_error(send(request(api->url("giant-head")), {}, wide), "more response headers");
}

TEST_F(transport, names_what_cannot_be_reached_and_nothing_else) {
  const std::string tail = "/v1?key=" + api->key("good");
  expect_error(send(request("http://me:word@nowhere.invalid" + tail)),
               "nowhere.invalid does not resolve");
  expect_error(send(request("http://me:word@127.0.0.1:1" + tail)),
               "127.0.0.1 port 1 accepts no connection (tried 127.0.0.1:1)");
  const auto tls = send(request("https://me:word@127.0.0.1:" + std::to_string(api->port()) + tail));
  expect_error(tls, "does not speak TLS");
  const auto malformed = send(request("http://127.0.0.1/a b" + tail));
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().code, ErrorCode::usage);
  expect_error(send(request("ftp://127.0.0.1" + tail)), "not HTTP");
}

TEST_F(transport, takes_the_way_that_the_options_name) {
  http::Request asked = request("http://api.acme.test:81/faults/ok/v1/things");
  const std::string port = std::to_string(api->port());
  auto sent =
      send(asked, with(&http::ClientOptions::connect_to, {"api.acme.test:81:127.0.0.1:" + port}));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.request.headers.get("Host"), "api.acme.test:81");
  asked.url = "http://api.acme.test:" + port + "/faults/ok/v1/things";
  sent = send(asked, with(&http::ClientOptions::resolve, {"api.acme.test:" + port + ":127.0.0.1"}));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.response.status, 200);
  http::ClientOptions old = with(&http::ClientOptions::http_version, "1.0");
  old.resolve = {"api.acme.test:" + port + ":127.0.0.1"};
  sent = send(asked, old);
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->exchange.request.version, "HTTP/1.0");
  expect_error(send(asked, with(&http::ClientOptions::unix_socket, "/nonexistent/socket")),
               "accepts no connection");
}

TEST_F(transport, a_proxy_that_refuses_is_told_apart) {
  // The fault API knows no CONNECT: as a proxy it answers 501, and no request gets through.
  const std::string proxy = "http://me:word@127.0.0.1:" + std::to_string(api->port());
  const auto sent =
      send(request("https://api.acme.test/v1"), with(&http::ClientOptions::proxy, proxy));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_TRUE(sent->proxy_answered);
  EXPECT_EQ(sent->exchange.response.status, 501);
  EXPECT_EQ(sent->exchange.request.method, "GET");
  expect_error(send(request("https://api.acme.test/v1"),
                    with(&http::ClientOptions::proxy, "http://me:word@nowhere.invalid:3128")),
               "proxy nowhere.invalid");
}

TEST_F(transport, is_interrupted_within_a_second) {
  std::stop_source stop;
  std::jthread user([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const auto sender = curl_transport(stop.get_token());
  const auto started = std::chrono::steady_clock::now();
  const auto sent = sender->send(request(api->url("never-answers")), {}, {.total = 20s});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "interrupted");
  EXPECT_LT(std::chrono::steady_clock::now() - started, 3s);
  EXPECT_EQ(sender->send(request(api->url("ok")), {}, quick).error().message, "interrupted");
}

TEST_F(transport, tells_whose_certificate_it_does_not_trust) {
  const std::pair<lab::Certificate, const char*> cases[] = {
      {{.issuer = "Corporate Interceptor", .host = "127.0.0.1"}, "is self-signed; its issuer is"},
      {{.issuer = "Corporate Interceptor", .host = "127.0.0.1", .days = -1}, "issuer is"},
  };
  for (const auto& [certificate, text] : cases) {
    const lab::PemFile pem(certificate);
    lab::FaultApi secure(pem.path());
    secure.speak("https");
    const auto sent = send(request(secure.url("ok")));
    expect_error(sent, text);
    EXPECT_TRUE(sent.error().message.contains("Corporate Interceptor")) << sent.error().message;
    const auto insecure =
        send(request(secure.url("expired"), "expired"), with(&http::ClientOptions::insecure, true));
    ASSERT_TRUE(insecure) << insecure.error().message;
    EXPECT_EQ(insecure->exchange.response.status, 401);
    EXPECT_FALSE(insecure->tls_error.empty());
    EXPECT_TRUE(insecure->tls_issuer.contains("Corporate Interceptor"));
  }
}

TEST_F(transport, trusts_what_cacert_names_unless_expired_or_for_another_host) {
  const std::tuple<lab::Certificate, std::string, const char*> cases[] = {
      {{.issuer = "Acme", .host = "127.0.0.1"}, "", ""},
      {{.issuer = "Acme", .host = "127.0.0.1", .days = -1}, "", "has expired"},
      {{.issuer = "Acme", .host = "10.1.2.3"}, "", "was made out for another host name"},
  };
  for (const auto& [certificate, _, text] : cases) {
    const lab::PemFile pem(certificate);
    lab::FaultApi secure(pem.path());
    secure.speak("https");
    http::Request asked;
    asked.url = secure.url("ok");
    const auto sent = send(asked, with(&http::ClientOptions::cacert, pem.path()));
    if (*text) {
      expect_error(sent, text);
    } else {
      ASSERT_TRUE(sent) << sent.error().message;
      EXPECT_EQ(sent->exchange.response.status, 401);
      EXPECT_EQ(sent->tls_error, "");
    }
  }
}

}  // namespace
}  // namespace locksmith::probe
