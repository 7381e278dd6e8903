#include "server/import_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "authority/keys_file.hpp"
#include "authority/operations.hpp"
#include "base/text.hpp"

namespace locksmith::server {
namespace {

std::string hex_of(std::string_view secret) { return base::hex(base::sha256(secret)); }
std::string base64_of(std::string_view secret) { return base::base64_encode(base::sha256(secret)); }

Imports read(std::string_view text, ImportDefaults defaults = {"acct_1", "live"}) {
  return read_imports(text, format_of(text), defaults);
}

std::vector<std::string> faults(const Imports& imports) {
  std::vector<std::string> out;
  for (const auto& [line, what] : imports.faults) out.push_back(fmt::format("{}: {}", line, what));
  return out;
}
using Texts = std::vector<std::string>;

TEST(ImportFile, ReadsJsonLines) {
  const Imports got = read(fmt::format(R"({{"sha256":"{}","name":"a","scopes":["x:read"]}}

{{"sha256":"{}","account":"acct_2","environment":"test","expires":1800000000}}
)",
                                       hex_of("one"), base64_of("two")));
  EXPECT_EQ(faults(got), Texts{});
  ASSERT_EQ(got.keys.size(), 2u);
  EXPECT_EQ(got.lines, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(got.keys[0].account, "acct_1");
  EXPECT_EQ(got.keys[0].environment, "live");
  EXPECT_EQ(got.keys[0].grant.scopes, Texts{"x:read"});
  EXPECT_EQ(base::hex({reinterpret_cast<const char*>(got.keys[0].digest.data()), 32}),
            hex_of("one"));
  EXPECT_EQ(got.keys[1].account, "acct_2");
  EXPECT_EQ(got.keys[1].environment, "test");
  EXPECT_EQ(got.keys[1].expires->time_since_epoch().count(), 1'800'000'000);
}

// A key that came in with a file of others would open the whole authority.
TEST(ImportFile, TakesNoKeyOfAdministrators) {
  const auto line = fmt::format(R"({{"sha256":"{}","scopes":["admin:*"])", hex_of("one"));
  const Texts refused{"1: administrators belong to one authority"};
  EXPECT_EQ(faults(read(line + R"(,"account":"acct_admin"})")), refused);
  EXPECT_EQ(faults(read(line + "}", {"acct_admin", "live"})), refused);
}

TEST(ImportFile, ReadsCsv) {
  const Imports got = read(fmt::format(
      "\xEF\xBB\xBFSHA256, Name ,scopes,endpoints,addresses,rate,expires,metadata.crm\r\n"
      "{},\"quoted, \"\"name\"\"\",a:read b:*;c,GET /v1/x;/v2/**,192.0.2.0/24 "
      "2001:db8::1,100/minute,2030-01-31,42\r\n"
      "{},,,,,,,\r\n",
      hex_of("one"), hex_of("two")));
  EXPECT_EQ(faults(got), Texts{});
  ASSERT_EQ(got.keys.size(), 2u);
  const authority::Key& key = got.keys[0];
  EXPECT_EQ(key.name, "quoted, \"name\"");
  EXPECT_EQ(key.grant.scopes, (Texts{"a:read", "b:*", "c"}));
  EXPECT_EQ(key.grant.endpoints, (Texts{"GET /v1/x", "/v2/**"}));
  EXPECT_EQ(key.grant.addresses.size(), 2u);
  EXPECT_EQ(key.rate->requests, 100u);
  EXPECT_EQ(base::format_rfc3339(*key.expires), "2030-01-31T00:00:00Z");
  EXPECT_EQ(key.metadata, R"({"crm":"42"})");
  EXPECT_EQ(got.keys[1].metadata, "");
  EXPECT_TRUE(got.keys[1].grant.addresses.empty());
}

TEST(ImportFile, NamesEveryFaultyLine) {
  const std::string good = hex_of("one");
  const Imports got = read(fmt::format(
      "{{\"sha256\":\"{0}\"}}\nnot JSON\n{{\"sha256\":\"abc\"}}\n{{\"sha256\":\"{0}\"}}\n"
      "{{\"sha256\":\"{1}\",\"adresses\":[\"192.0.2.1\"]}}\n"
      "{{\"sha256\":\"{1}\",\"state\":\"frozen\"}}\n[]\n{{\"sha256\":\"{2}\"}}",
      good, hex_of("two"), hex_of("three")));
  EXPECT_EQ(got.keys.size(), 2u);
  EXPECT_EQ(got.lines.back(), 8u);
  EXPECT_EQ(
      faults(got),
      (Texts{"2: not a JSON object", "3: \"sha256\" is not the SHA-256 of a key, in hex or base64",
             "4: the same SHA-256 as in line 1",
             "5: there is no field \"adresses\" (did you mean \"addresses\"?)",
             "6: \"state\" is active, revoked, rotated or leaked", "7: not a JSON object"}));
}

TEST(ImportFile, LinesOfCsvAreThoseOfTheFile) {
  const Imports got = read(fmt::format("sha256,name\n{},\"two\nlines\"\n\nshort\n{},x,y\nzz,\"",
                                       hex_of("one"), hex_of("two")));
  ASSERT_EQ(got.keys.size(), 1u);
  EXPECT_EQ(got.lines[0], 2u);
  ASSERT_EQ(got.faults.size(), 3u);
  EXPECT_EQ(faults(got)[0], "5: 1 field, but the header has 2");
  EXPECT_EQ(faults(got)[1], "6: 3 fields, but the header has 2");
  EXPECT_EQ(got.faults[2].line, 7u);
}

TEST(ImportFile, AKeyItselfIsNotTakenNorShown) {
  const std::string secret = "sk" + std::string("_live_") + std::string(24, 'q');
  for (const std::string& text : {"{\"key\":\"" + secret + "\"}", "name,secret\nx," + secret}) {
    const Imports got = read(text);
    EXPECT_TRUE(got.keys.empty());
    ASSERT_EQ(got.faults.size(), 1u);
    EXPECT_NE(got.faults[0].what.find("only its \"sha256\""), std::string::npos);
    EXPECT_EQ(got.faults[0].what.find(secret), std::string::npos);
  }
}

TEST(ImportFile, AnAccountAndAnEnvironmentAreNeeded) {
  const std::string line = fmt::format("{{\"sha256\":\"{}\"}}", hex_of("one"));
  EXPECT_EQ(faults(read(line, {"", "live"})),
            Texts{"1: no account: name one in the file, or with --account"});
  EXPECT_EQ(faults(read(line, {"acct_1", ""})),
            Texts{"1: no environment: name one in the file, or with --environment"});
}

authority::Snapshot snapshot() {
  authority::Policy policy;
  policy.environments = {{.name = "live", .prefix = "lks_live_"}};
  return *authority::Snapshot::make(policy, {{.id = "acct_1"}}, {});
}

TEST(ImportFile, WhatTheAuthorityWouldNotTakeIsAFault) {
  Imports got = read(fmt::format(
      "{{\"sha256\":\"{}\"}}\n{{\"sha256\":\"{}\",\"account\":\"acct_9\"}}\n"
      "{{\"sha256\":\"{}\",\"environment\":\"prod\"}}\n{{\"sha256\":\"{}\",\"scopes\":[\"a b\"]}}",
      hex_of("1"), hex_of("2"), hex_of("3"), hex_of("4")));
  check_imports(got, snapshot(), {});
  EXPECT_EQ(got.lines, std::vector<std::size_t>{1});
  EXPECT_EQ(faults(got),
            (Texts{"2: there is no account acct_9", "3: there is no environment \"prod\"",
                   "4: \"a b\" cannot be a scope"}));
}

TEST(ImportFile, AnExportComesBackWhole) {
  const auto at = [](int seconds) { return base::Time(std::chrono::seconds(seconds)); };
  authority::Key key{.id = "key_1",
                     .account = "acct_1",
                     .name = "a \"name\"",
                     .environment = "live",
                     .hint = "lks_live_…7f2a"};
  const std::string digest = base::sha256("one");
  std::copy(digest.begin(), digest.end(), key.digest.begin());
  key.grant = {.scopes = {"a:read"},
               .endpoints = {"GET /v1/x"},
               .methods = {"GET"},
               .addresses = {*authority::parse_cidr("192.0.2.0/24")},
               .origins = {"https://example.com"}};
  key.rate = authority::Rate{10, std::chrono::seconds(60), 3};
  key.not_before = at(1'600'000'000);
  key.expires = at(1'900'000'000);
  key.state = authority::KeyState::rotated;
  key.reason = "rotated";
  key.since = at(1'700'000'000);
  key.successor = "key_2";
  key.grace_until = at(1'700'086'400);
  key.finish_when_unused = std::chrono::hours(6);
  key.leak_url = "https://example.com/leak";
  key.metadata = R"({"crm":"42"})";
  key.created = at(1'600'000'001);
  const std::string line = export_line(key);
  const Imports got = read(line, {});
  EXPECT_EQ(faults(got), Texts{});
  ASSERT_EQ(got.keys.size(), 1u);
  EXPECT_EQ(export_line(got.keys[0]), line);
  EXPECT_EQ(got.keys[0].digest, key.digest);
  EXPECT_EQ(got.keys[0].grant, key.grant);
  EXPECT_EQ(got.keys[0].finish_when_unused, key.finish_when_unused);
  EXPECT_EQ(got.keys[0].created, key.created);

  authority::Key empty{.account = "acct_1", .environment = "live"};
  EXPECT_EQ(faults(read(export_line(empty), {})), Texts{});
}

TEST(ImportFile, AnExportBeginsWithItsAccounts) {
  const authority::Account account{.id = "acct_1",
                                   .name = "A",
                                   .state = authority::AccountState::suspended,
                                   .reason = "unpaid",
                                   .since = base::Time(std::chrono::seconds(1'700'000'000)),
                                   .plan = "small",
                                   .rate = authority::Rate{10, std::chrono::seconds(60), 3},
                                   .quota = authority::Quota{1000, authority::Quota::Period::month},
                                   .metadata = R"({"crm":"42"})"};
  const std::string line = authority::to_line(account);
  const Imports got =
      read(line + fmt::format("{{\"kind\":\"key\",\"sha256\":\"{}\"}}", hex_of("one")),
           {"acct_1", "live"});
  EXPECT_EQ(faults(got), Texts{});
  EXPECT_EQ(got.lines, std::vector<std::size_t>{2});
  ASSERT_EQ(got.account_lines, std::vector<std::size_t>{1});
  EXPECT_EQ(authority::to_line(got.accounts[0]), line);
}

TEST(ImportFile, AFaultyAccountIsRemembered) {
  const Imports got = read(
      "{\"kind\":\"account\",\"id\":\"acct_1\",\"quotum\":1}\n"
      "{\"kind\":\"account\",\"id\":\"acct_admin\"}\n"
      "{\"kind\":\"account\",\"name\":\"A\"}\n"
      "{\"kind\":\"account\",\"id\":\"acct_2\"}\n"
      "{\"kind\":\"account\",\"id\":\"acct_2\",\"plan\":\"gold\"}\n"
      "{\"kind\":\"other\",\"id\":\"acct_3\"}");
  EXPECT_EQ(faults(got),
            (Texts{"1: unknown field `quotum`", "2: administrators belong to one authority",
                   "3: `id` cannot be read", "5: the same id as in line 4",
                   "6: there is no field \"kind\" (did you mean \"id\"?)"}));
  EXPECT_EQ(got.accounts.size(), 1u);
  EXPECT_TRUE(got.faulty_accounts.contains("acct_1"));
}

}  // namespace
}  // namespace locksmith::server
