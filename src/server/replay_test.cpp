#include "server/replay.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "authority/sample_authority.hpp"
#include "server/json_model.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;
using authority::Question;

struct Replay : testing::Test {
  store::DecisionRecord refuse(const Question& question) {
    const authority::Request request = sample.request(question);
    const auto decision = authority::decide(sample.snapshot, request, now, sample.limits);
    EXPECT_FALSE(decision.allowed());
    store::DecisionRecord record;
    record.cause = authority::slug(decision.cause);
    if (decision.key) record.key = sample.snapshot.texts(*decision.key).id;
    record.method = question.method;
    record.host = question.host;
    record.path = question.target;
    record.client = question.client;
    record.trace = trace_json(sample.snapshot, request, decision, now, "verify");
    return record;
  }
  json::object again(const store::DecisionRecord& record) {
    return replay(sample.snapshot, record, now);
  }
  std::string cause_of(const store::DecisionRecord& record) {
    const json::object told = again(record);
    EXPECT_TRUE(told.at("repeatable").as_bool()) << json::serialize(told);
    if (!told.at("repeatable").as_bool()) return "not repeatable";
    EXPECT_EQ(told.at("allowed").as_bool(), told.at("cause").is_null());
    return text_of(told, "cause");
  }

  authority::SampleAuthority sample;
  const authority::Instant now{sample.now};
};

TEST_F(Replay, SaysTheSameAsLongAsNothingChanged) {
  const auto record = refuse({.method = "GET", .target = "/v1/reports", .key = sample.good});
  EXPECT_EQ(record.cause, "plan-required");
  EXPECT_EQ(cause_of(record), "plan-required");
  EXPECT_NE(text_of(again(record), "single_change"), "");
}

TEST_F(Replay, SeesWhatChangedSince) {
  const auto record = refuse({.method = "GET", .target = "/v1/reports", .key = sample.good});
  authority::Account account = *sample.snapshot.account("acct_free")->account;
  account.plan = "paid";
  sample.apply(authority::put_account(sample.snapshot, account, sample.now));
  EXPECT_EQ(cause_of(record), "");
  EXPECT_EQ(text_of(again(record), "single_change"), "");
  sample.apply(authority::revoke_key(sample.snapshot, sample.good_id, "gone", sample.now));
  EXPECT_EQ(cause_of(record), "revoked");
}

TEST_F(Replay, AsksWithWhatTheRequestHad) {
  authority::Key key = sample.snapshot.to_key(*sample.snapshot.find_id(sample.good_id));
  key.grant.addresses = {*authority::parse_cidr("198.51.100.0/24")};
  key.grant.origins = {"https://app.example.com"};
  sample.apply(authority::change_key(sample.snapshot, key, sample.now));
  const auto elsewhere = refuse({.headers = {{"Origin", "https://app.example.com"}},
                                 .key = sample.good,
                                 .client = "192.0.2.7"});
  EXPECT_EQ(cause_of(elsewhere), "ip-blocked");
  const auto no_origin = refuse({.key = sample.good, .client = "198.51.100.9"});
  EXPECT_EQ(cause_of(no_origin), "referrer-blocked");
}

TEST_F(Replay, TakesNothingFromTheLimits) {
  authority::Key key = sample.snapshot.to_key(*sample.snapshot.find_id(sample.good_id));
  key.rate = authority::Rate{1, std::chrono::hours(1), 1};
  sample.apply(authority::change_key(sample.snapshot, key, sample.now));
  const auto record = refuse({.target = "/v1/nowhere", .key = sample.good});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(cause_of(record), "wrong-endpoint");
  EXPECT_TRUE(sample.ask({.key = sample.good}).allowed());
}

TEST_F(Replay, AKeyThatWasNotProvenCannotBeSentAgain) {
  const auto record = refuse({.key = "lks_live_" + std::string(38, 'x')});
  EXPECT_FALSE(again(record).at("repeatable").as_bool());
  EXPECT_NE(text_of(again(record), "why_not"), "");
  store::DecisionRecord broken = refuse({.target = "/v1/reports", .key = sample.good});
  broken.trace = "{";
  EXPECT_FALSE(again(broken).at("repeatable").as_bool());
}

TEST_F(Replay, ShowsNoSecret) {
  const auto record = refuse({.target = "/v1/reports", .key = sample.good});
  const std::string told = json::serialize(again(record));
  EXPECT_EQ(told.find(sample.good), std::string::npos);
  EXPECT_EQ(told.find("replay_"), std::string::npos) << told;
}

}  // namespace
}  // namespace locksmith::server
