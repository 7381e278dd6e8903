// An authority without sockets and disk: its faces are asked directly, on both lanes.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>

#include "authority/server_settings.hpp"
#include "server/routes.hpp"
#include "server/service.hpp"
#include "tests/contract/memory_store.hpp"

namespace locksmith::server {

inline constexpr std::string_view test_policy = R"(
[server]
trusted_proxies = ["10.0.0.0/8"]
[guessing]
rate = "5/minute"
[[environment]]
name = "live"
prefix = "lks_live_"
[[environment]]
name = "test"
prefix = "lks_test_"
[[plan]]
name = "small"
rate = "3/minute"
[[api]]
name = "orders"
hosts = ["api.example.com"]
environment = "live"
unlisted = "refuse"
[[api.endpoint]]
methods = ["GET"]
path = "/v1/orders/{id}"
scopes = ["orders:read"]
[[api.endpoint]]
path = "/health"
open = true
)";

// A memory store whose disk can be taken away.
class BreakableStore final : public store::Store {
 public:
  bool broken = false;

  Result<void> each(const Sink& sink) override { return inner_.each(sink); }
  Result<void> apply(const authority::Change& change, std::int64_t at_us) override {
    if (broken) return fail(ErrorCode::unreachable, "the disk is gone");
    return inner_.apply(change, at_us);
  }
  Result<std::vector<store::AuditEntry>> audit(std::string_view subject,
                                               std::size_t limit) override {
    return inner_.audit(subject, limit);
  }
  Result<void> record(std::span<const store::DecisionRecord> decisions,
                      std::span<const store::Use> uses) override {
    if (broken) return fail(ErrorCode::unreachable, "the disk is gone");
    return inner_.record(decisions, uses);
  }
  Result<std::optional<store::DecisionRecord>> decision(std::string_view id) override {
    return inner_.decision(id);
  }
  Result<std::vector<store::DecisionRecord>> decisions(
      const store::DecisionFilter& filter) override {
    return inner_.decisions(filter);
  }
  Result<std::vector<store::Use>> uses(std::string_view key) override { return inner_.uses(key); }
  Result<std::size_t> forget(std::int64_t until_us, std::size_t limit) override {
    return inner_.forget(until_us, limit);
  }
  Result<std::size_t> forget_beyond(std::size_t most, std::size_t limit) override {
    return inner_.forget_beyond(most, limit);
  }
  Result<void> save_counters(std::span<const Counter> counters) override {
    return inner_.save_counters(counters);
  }
  Result<std::vector<Counter>> counters() override { return inner_.counters(); }
  Result<void> backup(const std::string& path) override { return inner_.backup(path); }
  Result<void> healthy() override {
    if (broken) return fail(ErrorCode::unreachable, "the disk is gone");
    return {};
  }

 private:
  store::MemoryStore inner_;
};

struct Reply {
  int status = 0;
  std::string head, body;

  bool has(std::string_view text) const { return head.find(text) != head.npos; }
  std::string header(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == head.npos) return "<none>";
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
  boost::json::value json() const {
    boost::system::error_code error;
    auto value = boost::json::parse(body, error);
    EXPECT_FALSE(error) << body;
    return value;
  }
  std::string text(const char* pointer) const {
    boost::system::error_code error;
    const auto value = json();
    const auto* found = value.find_pointer(pointer, error);
    if (!found) return "<none>";
    return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
  }
};

class TestAuthority {
 public:
  TestAuthority() {
    auto policy = authority::read_policy(test_policy, "test.toml");
    EXPECT_TRUE(policy) << policy.error().message;
    auto owned = std::make_unique<BreakableStore>();
    store = owned.get();
    service = std::make_unique<Service>(
        ServiceSettings{}, *authority::Snapshot::make(*policy, {}, {}), std::move(owned));
    auto made = ensure_admin_key(*service);
    EXPECT_TRUE(made && *made);
    if (made && *made) admin_key = (*made)->reveal();
    handlers = server::handlers(*service);
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Reply ask(std::string_view method, std::string_view target, Headers headers = {},
            std::string_view body = {}, std::string_view peer = "10.0.0.1") {
    std::vector<Field> fields;
    for (const auto& [name, value] : headers) fields.push_back({name, value});
    RequestView request{method, target, fields, body};
    if (peer.empty()) {
      request.unix_socket = true;
    } else {
      request.peer = *authority::parse_address(peer);
    }
    std::string out;
    ResponseBuilder response(out, {});
    if (!handlers.quick(request, response)) handlers.slow(request, response);
    everything_sent += out;
    const auto end = out.find("\r\n\r\n");
    EXPECT_TRUE(response.finished()) << method << " " << target;
    return {response.status(), out.substr(0, end + 2), out.substr(end + 4)};
  }
  Reply admin(std::string_view method, std::string_view target, std::string_view body = {}) {
    return ask(method, target, {{"Authorization", "Bearer " + admin_key}}, body);
  }
  std::string make_account(std::string_view plan = "") {
    return admin("POST", "/v1/accounts", R"({"name":"A","plan":")" + std::string(plan) + "\"}")
        .text("/id");
  }
  // {id, secret}
  std::pair<std::string, std::string> make_key(
      const std::string& account, std::string_view more = R"(,"scopes":["orders:read"])",
      std::string_view environment = "live") {
    const auto reply = admin("POST", "/v1/keys",
                             R"({"account":")" + account + R"(","environment":")" +
                                 std::string(environment) + "\"" + std::string(more) + "}");
    EXPECT_EQ(reply.status, 201) << reply.body;
    return {reply.text("/id"), reply.text("/secret")};
  }
  Reply forward(const std::string& key, std::string_view method = "GET",
                std::string_view target = "/v1/orders/7", std::string_view client = "192.0.2.7") {
    return ask("GET", "/v1/forward-auth",
               {{"Authorization", "Bearer " + key},
                {"X-Forwarded-Method", std::string(method)},
                {"X-Forwarded-Uri", std::string(target)},
                {"X-Forwarded-Host", "api.example.com"},
                {"X-Forwarded-For", std::string(client)}});
  }
  Reply verify(std::string_view body, std::string_view peer = "10.0.0.1") {
    return ask("POST", "/v1/verify", {}, body, peer);
  }

  BreakableStore* store = nullptr;
  std::unique_ptr<Service> service;
  Handlers handlers;
  std::string admin_key;
  std::string everything_sent;
};

}  // namespace locksmith::server
