// The whole method against a transport that only pretends: what is sent, and how often.
#include "doctor/doctor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "http/url.hpp"

namespace locksmith::doctor {
namespace {

const std::string key = std::string("acme_live_") + "Zx81kQ" + std::string(20, 'q');

class Pretended : public probe::Transport {
 public:
  using Server = std::function<http::Response(const http::Request&)>;
  explicit Pretended(Server server) : server_(std::move(server)) {}

  Result<probe::Sent> send(const http::Request& request, const http::ClientOptions&,
                           const probe::Limits&) override {
    requests.push_back(request);
    probe::Sent sent;
    sent.exchange.request = request;
    sent.exchange.response = server_(request);
    sent.remote_ip = "192.0.2.1";
    if (sent.exchange.response.status == 0) return fail(ErrorCode::unreachable, "no answer", "");
    return sent;
  }
  void pause(std::chrono::seconds time) override { waited += time; }
  std::vector<std::string> addresses_of(const std::string& host) override {
    looked_up.push_back(host);
    return {"192.0.2.1", "2001:db8::1"};
  }
  std::vector<std::string> looked_up;
  std::vector<http::Request> requests;
  std::chrono::seconds waited{0};

 private:
  Server server_;
};

http::Response answer(int status, std::string body = "", http::Headers headers = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}
http::Response unauthorized(const http::Request&) {
  return answer(401, R"({"message":"Unauthorized"})", {{"Content-Type", "application/json"}});
}

Question ask_for(std::string command) {
  auto question = read_command_text(command);
  EXPECT_TRUE(question);
  return std::move(*question);
}
Question usual() {
  return ask_for("curl -H 'Authorization: Bearer " + key + "' https://api.acme.test/v1/me");
}

report::Report examine(Question& question, probe::Transport* transport, Options options = {}) {
  return doctor::examine(question, catalogue::embedded(), options, transport);
}

TEST(doctor, sends_nothing_without_a_transport) {
  Question question = usual();
  const report::Report report = examine(question, nullptr);
  EXPECT_EQ(report.outcome, report::Outcome::unreachable);
  EXPECT_TRUE(report.requests.empty());
  ASSERT_TRUE(report.error);
  EXPECT_FALSE(report.error->hint.empty());
}

TEST(doctor, asks_no_more_than_the_budget_allows) {
  for (const std::size_t budget : {1u, 2u, 3u, 6u}) {
    Question question = usual();
    Pretended transport(unauthorized);
    const report::Report report = examine(question, &transport, {.budget = budget});
    EXPECT_LE(transport.requests.size(), budget);
    EXPECT_EQ(transport.requests.size(), report.requests.size());
  }
}

TEST(doctor, asks_once_when_the_first_answer_says_it_all) {
  Question question = usual();
  Pretended transport([](auto&) {
    return answer(401, R"({"error":{"message":"The access token expired on 2026-05-03."}})");
  });
  const report::Report report = examine(question, &transport);
  EXPECT_EQ(report.diagnosis.leader().cause->slug, "expired");
  EXPECT_EQ(report.requests.size(), 1u);
}

TEST(doctor, leaves_the_rest_when_the_request_succeeds) {
  Question question = usual();
  Pretended transport([](auto&) { return answer(200, R"({"id":1})"); });
  EXPECT_EQ(examine(question, &transport).outcome, report::Outcome::not_refused);
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST(doctor, sends_only_safe_methods_unless_told_otherwise) {
  for (const bool replay : {false, true}) {
    Question question =
        ask_for("curl -d x=1 -H 'Authorization: Bearer " + key + "' https://api.acme.test/v1/me");
    Pretended transport(unauthorized);
    const report::Report report = examine(question, &transport, {.replay = replay});
    EXPECT_EQ(transport.requests.front().method, replay ? "POST" : "GET");
    EXPECT_EQ(transport.requests.front().body, replay ? "x=1" : "");
    EXPECT_EQ(report.notes.size(), replay ? 0u : 1u);
    for (const http::Request& request : transport.requests) {
      EXPECT_TRUE(request.method == "GET" || replay) << request.method;
    }
  }
}

// A GET that works says nothing of the refused POST but that the key may read.
TEST(doctor, does_not_take_a_get_for_the_post_that_failed) {
  Question question =
      ask_for("curl -d x=1 -H 'Authorization: Bearer " + key + "' https://api.acme.test/v1/me");
  Pretended transport([](auto&) { return answer(200, "{}"); });
  const report::Report report = examine(question, &transport);
  EXPECT_NE(report.outcome, report::Outcome::not_refused);
  EXPECT_EQ(report.method, "POST");
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(transport.requests.size(), 1u);
  EXPECT_GT(diagnosis::weight_for(report.findings.back(), "method-not-permitted"), 0);
  EXPECT_TRUE(report.diagnosis.look_next.contains("--replay"));
}

TEST(doctor, learns_nothing_from_a_get_that_meets_no_route) {
  Question question = ask_for("curl -X DELETE -H 'X-Api-Key: " + key + "' https://api.acme.test/a");
  Pretended transport([](auto&) { return answer(405); });
  const report::Report report = examine(question, &transport);
  EXPECT_TRUE(report.diagnosed());
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(transport.requests.size(), 1u);
}

// The transport leaves out a line break that no client sends, and so mends what is to be found.
TEST(doctor, names_the_line_break_although_the_request_works_without) {
  Question question = usual();
  question.bundle.exchanges[0].request.headers.set("Authorization", "Bearer " + key + "\r");
  Pretended transport([](auto&) { return answer(200, "{}"); });
  const report::Report report = examine(question, &transport);
  EXPECT_EQ(report.outcome, report::Outcome::cause);
  EXPECT_EQ(report.diagnosis.leader().cause->slug, "whitespace");
}

TEST(doctor, follows_redirects_only_when_the_command_does) {
  const auto server = [](const http::Request& request) {
    if (request.url.ends_with("/v1/me")) return answer(302, "", {{"Location", "../v2/me"}});
    return unauthorized(request);
  };
  Question stays = usual();
  Pretended first(server);
  EXPECT_EQ(examine(stays, &first, {.budget = 1}).status, 302);

  Question follows =
      ask_for("curl -L -H 'Authorization: Bearer " + key + "' https://api.acme.test/v1/me");
  Pretended second(server);
  EXPECT_EQ(examine(follows, &second, {.budget = 2}).status, 401);
  EXPECT_EQ(second.requests.at(1).url, "https://api.acme.test/v2/me");
  EXPECT_EQ(second.requests.at(1).headers.get("authorization"), "Bearer " + key);
  EXPECT_EQ(follows.bundle.exchanges.size(), 2u);
}

TEST(doctor, never_carries_a_key_to_another_origin) {
  for (const std::string& location :
       {std::string("https://other.test/"), std::string("http://api.acme.test/v1/me"),
        "https://other.test/?token=" + key, "https://other.test/?x=" + key,
        "https://" + key + "@other.test/"}) {
    Question question = ask_for("curl -L -H 'X-Api-Key: " + key + "' -H 'X-Odd: " + key +
                                "' -b 's=" + key + "' https://api.acme.test/v1/me");
    Pretended transport([&](const http::Request& request) {
      if (request.url.contains("other.test") || request.url.starts_with("http:"))
        return unauthorized(request);
      return answer(307, "", {{"Location", location}});
    });
    examine(question, &transport);
    for (const http::Request& request : transport.requests) {
      if (request.url.starts_with("https://api.acme.test/")) continue;
      EXPECT_FALSE(request.url.contains(key)) << location;
      for (const http::Header& h : request.headers) EXPECT_FALSE(h.value.contains(key)) << h.name;
    }
  }
}

TEST(doctor, ends_a_loop) {
  Question question = ask_for("curl -L https://api.acme.test/v1/me");
  Pretended loop([](auto&) { return answer(302, "", {{"Location", "/v1/me"}}); });
  report::Report report = examine(question, &loop);
  EXPECT_EQ(report.outcome, report::Outcome::unreachable);
  EXPECT_EQ(loop.requests.size(), 1u);

  question = ask_for("curl -L https://api.acme.test/v1/me");
  Pretended endless([n = 0](auto&) mutable {
    return answer(302, "", {{"Location", "/v1/me?" + std::to_string(++n)}});
  });
  report = examine(question, &endless);
  EXPECT_EQ(report.outcome, report::Outcome::unreachable);
  EXPECT_EQ(endless.requests.size(), 6u);
  EXPECT_FALSE(report.error->hint.empty());
}

// Terse and unknown: only an experiment can tell that the key stood in the wrong header.
TEST(doctor, finds_the_header_of_an_api_that_nobody_knows) {
  Question question =
      ask_for("curl -H 'Authorization: Bearer " + key + "' https://api.nobody.test/v1/things");
  Pretended transport([](const http::Request& request) {
    const bool good = request.headers.get("X-Api-Key") == key;
    return good ? answer(200, "{}") : answer(401, R"({"error":"unauthorized"})");
  });
  const report::Report report = examine(question, &transport, {.budget = 8});
  ASSERT_EQ(report.outcome, report::Outcome::cause);
  EXPECT_EQ(report.diagnosis.leader().cause->slug, "wrong-header");
}

TEST(doctor, tells_what_the_name_stands_for) {
  Question question = usual();
  Pretended transport(unauthorized);
  examine(question, &transport);
  EXPECT_TRUE(transport.looked_up.empty());  // nobody would see it
  question = usual();
  const report::Report report = examine(question, &transport, {.look_up_peer = true});
  EXPECT_EQ(transport.looked_up, std::vector<std::string>{"api.acme.test"});
  EXPECT_TRUE(as_text(report, {.verbose = true}).contains("2001:db8::1"));
  EXPECT_TRUE(as_json(report).contains(R"("addresses":["192.0.2.1","2001:db8::1"])"));
  Question proxied = usual();
  proxied.options.proxy = "http://proxy.test:3128";
  examine(proxied, &transport, {.look_up_peer = true});
  EXPECT_EQ(transport.looked_up.size(), 1u);
}

TEST(doctor, waits_where_the_server_says_when_to_come_back) {
  Question question = ask_for("curl -H 'X-Api-Key: " + key + "' https://api.nobody.test/v1/things");
  Pretended transport([&](const http::Request&) {
    return transport.waited.count() > 0 ? answer(200, "{}")
                                        : answer(403, "", {{"Retry-After", "2"}});
  });
  const report::Report report = examine(question, &transport, {.budget = 8});
  EXPECT_EQ(transport.waited.count(), 3);
  ASSERT_EQ(report.outcome, report::Outcome::cause);
  EXPECT_EQ(report.diagnosis.leader().cause->slug, "rate-limited");
}

TEST(doctor, shows_a_key_to_other_environments_only_when_told_to) {
  for (const bool told : {false, true}) {
    Question question = ask_for("curl -H 'X-API-Key: " + key + "' " +
                                "https://checkout-test.adyen.com/v71/paymentMethods");
    Pretended transport([](const http::Request& request) {
      return request.url.contains("management-live") ? answer(200, "{}") : answer(401, "");
    });
    examine(question, &transport, {.try_environments = told, .budget = 12});
    const bool elsewhere = std::ranges::any_of(transport.requests, [](const auto& request) {
      return !request.url.starts_with("https://checkout-test.adyen.com/");
    });
    EXPECT_EQ(elsewhere, told);
    for (const http::Request& request : transport.requests)
      EXPECT_TRUE(http::parse_url(request.url).host.ends_with(".adyen.com")) << request.url;
  }
}

TEST(doctor, tells_why_nothing_came_back) {
  Question question = usual();
  Pretended transport([](auto&) { return answer(0); });
  const report::Report report = examine(question, &transport);
  EXPECT_EQ(report.outcome, report::Outcome::unreachable);
  EXPECT_EQ(report.error->message, "no answer");
  EXPECT_EQ(report.requests.size(), 1u);
}

TEST(doctor, shows_no_key_wherever_it_sat) {
  const auto echo = [](const http::Request& request) {
    return answer(401, "Cannot authenticate '" + key + "' at " + request.url);
  };
  for (const std::string& command :
       {"curl 'https://api.acme.test/v1/me?api_key=" + key + "'",
        "curl -u 'me:" + key + "' https://api.acme.test/v1/me",
        "curl https://api.telegram.org/bot123456:" + key + "/getMe",
        "curl -H 'Authorization: Bearer " + key + "' https://api.acme.test/v1/me"}) {
    Question question = ask_for(command);
    Pretended transport(echo);
    const report::Report report = examine(question, &transport);
    const std::string text =
        as_json(report) + as_markdown(report) + as_text(report, {.verbose = true});
    EXPECT_FALSE(text.contains(key)) << command;
  }
}

http::Exchange answered(http::Response response, std::string url = "https://api.acme.test/v1/me") {
  http::Exchange exchange;
  exchange.request.url = std::move(url);
  exchange.response = std::move(response);
  return exchange;
}

TEST(is_refused, sees_refusals_behind_a_success) {
  const auto refused = [](http::Response response) {
    return is_refused(answered(std::move(response)), catalogue::embedded());
  };
  EXPECT_TRUE(refused(answer(200, R"({"ok":false,"error":"invalid_auth"})")));
  EXPECT_TRUE(refused(answer(200, R"({"success":false})")));
  EXPECT_TRUE(refused(answer(200, R"({"data":null,"errors":[{"message":"Unauthorized"}]})")));
  EXPECT_TRUE(refused(answer(200, "", {{"grpc-status", "16"}})));
  EXPECT_TRUE(refused(answer(200, R"(<html><form><input TYPE="password"></form></html>)",
                             {{"Content-Type", "text/html"}})));
  for (const int status : {0, 302, 400, 401, 403, 404, 429, 500})
    EXPECT_TRUE(refused(answer(status)));
}

TEST(is_refused, lets_a_success_be_one) {
  const auto refused = [](http::Response response) {
    return is_refused(answered(std::move(response)), catalogue::embedded());
  };
  EXPECT_FALSE(refused(answer(200, R"({"ok":true})")));
  EXPECT_FALSE(refused(answer(200, R"({"errors":[]})")));
  EXPECT_FALSE(refused(answer(200, R"({"help":"type=\"password\""})")));
  EXPECT_FALSE(refused(answer(200, "", {{"grpc-status", "0"}})));
  EXPECT_FALSE(is_refused(answered(answer(200, "<html><form><input type=password></form>"),
                                   "https://www.acme.test/account"),
                          catalogue::embedded()));  // a person's page, and nobody asked for data
  EXPECT_FALSE(refused(answer(204)));
  EXPECT_FALSE(refused(answer(304)));
}

}  // namespace
}  // namespace locksmith::doctor
