// The dialects of HAR that tools write, what is refused and how, and that nothing is lost on the
// way.
#include "http/har.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

namespace locksmith::http {

// Next to the types, so that GoogleTest's comparisons find them.
static bool operator==(const Header& a, const Header& b) {
  return a.name == b.name && a.value == b.value;
}
static bool operator==(const Exchange& a, const Exchange& b) {
  return a.request.method == b.request.method && a.request.url == b.request.url &&
         a.request.version == b.request.version && a.request.headers == b.request.headers &&
         a.request.body == b.request.body && a.response.status == b.response.status &&
         a.response.reason == b.response.reason && a.response.version == b.response.version &&
         a.response.headers == b.response.headers && a.response.body == b.response.body &&
         a.time == b.time && a.partial == b.partial && a.remote_address == b.remote_address &&
         a.tls_subject == b.tls_subject && a.tls_issuer == b.tls_issuer &&
         a.proxy_answered == b.proxy_answered;
}
static bool operator==(const EnvironmentFile& a, const EnvironmentFile& b) {
  return a.path == b.path && a.content == b.content && a.modified == b.modified;
}
static bool operator==(const EnvironmentProcess& a, const EnvironmentProcess& b) {
  return a.pid == b.pid && a.command == b.command && a.started == b.started &&
         a.variables == b.variables;
}
static bool operator==(const Bundle& a, const Bundle& b) {
  const Environment &x = a.environment, &y = b.environment;
  return a.exchanges == b.exchanges && a.failing == b.failing && x.variables == y.variables &&
         x.files == y.files && x.processes == y.processes && x.client == y.client &&
         x.clock_offset_seconds == y.clock_offset_seconds && x.context == y.context;
}

namespace {

Bundle read(std::string_view text, std::optional<std::size_t> entry = {}) {
  const Result<Bundle> bundle = read_har(text, entry);
  EXPECT_TRUE(bundle) << bundle.error().message;
  return bundle.value_or(Bundle{{Exchange{}}, 0, {}});
}

std::string har_of(std::string_view entries) {
  return R"({"log": {"version": "1.2", "entries": [)" + std::string(entries) + "]}}";
}

std::string error_of(std::string_view text, std::optional<std::size_t> entry = {}) {
  const Result<Bundle> bundle = read_har(text, entry);
  EXPECT_FALSE(bundle);
  if (bundle) return {};
  EXPECT_EQ(bundle.error().code, ErrorCode::unreadable);
  EXPECT_FALSE(bundle.error().hint.empty());
  EXPECT_FALSE(bundle.error().message.ends_with('.'));
  return bundle.error().message;
}

TEST(ReadHar, ChromesPseudoHeadersAndVersionNames) {
  const Bundle bundle = read("\xef\xbb\xbf" + har_of(R"({
    "_initiator": {"type": "script", "stack": {"callFrames": []}},
    "startedDateTime": "2026-01-02T03:04:05.678Z", "serverIPAddress": "[2001:db8::1]",
    "_securityDetails": {"protocol": "TLS 1.3", "subjectName": "api.test", "issuer": "Test CA"},
    "request": {"method": "POST", "url": "https://api.test/v1?x=1", "httpVersion": "h2",
      "headers": [{"name": ":authority", "value": "api.test"}, {"name": "X-Api-Key", "value": "k\n"}],
      "queryString": [{"name": "x", "value": "1"}], "cookies": [],
      "postData": {"mimeType": "application/json", "text": "{}"}},
    "response": {"status": 403, "statusText": "", "httpVersion": "http/2.0",
      "headers": [{"name": "server", "value": "x"}],
      "content": {"size": 3, "mimeType": "text/plain", "text": "YWJj\r\n", "encoding": "base64"}}})"));
  const Exchange& exchange = bundle.failure();
  EXPECT_EQ(exchange.request.url, "https://api.test/v1?x=1");
  ASSERT_EQ(exchange.request.headers.size(), 1u);
  EXPECT_EQ(exchange.request.headers.get("x-api-key"), "k\n");
  EXPECT_EQ(exchange.request.version, "HTTP/2");
  EXPECT_EQ(exchange.response.version, "HTTP/2");
  EXPECT_EQ(exchange.request.body, "{}");
  EXPECT_EQ(exchange.response.body, "abc");
  EXPECT_EQ(exchange.remote_address, "2001:db8::1");
  EXPECT_EQ(exchange.tls_subject, "api.test");
  EXPECT_EQ(exchange.tls_issuer, "Test CA");
  EXPECT_EQ(exchange.time, base::parse_rfc3339("2026-01-02T03:04:05Z"));
  EXPECT_FALSE(exchange.partial);
}

TEST(ReadHar, MissingMembersAreNoErrorAndMakeTheEntryPartial) {
  const Exchange exchange = read(har_of(R"({"request": {"url": "http://a.test/"}})")).failure();
  EXPECT_EQ(exchange.request.method, "GET");
  EXPECT_EQ(exchange.response.status, 0);
  EXPECT_TRUE(exchange.partial);
  EXPECT_FALSE(exchange.time);
  EXPECT_EQ(read(har_of("null, 3, {}")).exchanges.size(), 3u);
}

TEST(ReadHar, ABodyThatTheBrowserDroppedIsNoEvidence) {
  const char* const entry =
      R"({"response": {"status": 401, "headers": [], "content": {"size": %}}})";
  const auto with_size = [&](const char* size) {
    return har_of(std::string(entry).replace(std::string(entry).find('%'), 1, size));
  };
  EXPECT_TRUE(read(with_size("120")).failure().partial);
  EXPECT_FALSE(read(with_size("0")).failure().partial);
  EXPECT_FALSE(read(with_size("-1")).failure().partial);
}

TEST(ReadHar, FormParametersQueryListAndCookiesStandIn) {
  const Exchange exchange = read(har_of(R"({"request": {"url": "https://a.test/x#top",
    "queryString": [{"name": "q", "value": "a b&c"}, {"name": "key", "value": "k%20"}],
    "cookies": [{"name": "sid", "value": "1"}, {"name": "b", "value": "2"}],
    "postData": {"params": [{"name": "user", "value": "me"}, {"name": "pin", "value": "1&2"}]}},
    "response": {"status": "401", "cookies": [{"name": "sid", "value": "3"}]}})"))
                                .failure();
  EXPECT_EQ(exchange.request.url, "https://a.test/x?q=a%20b%26c&key=k%20#top");
  EXPECT_EQ(exchange.request.headers.get("cookie"), "sid=1; b=2");
  EXPECT_EQ(exchange.request.body, "user=me&pin=1%262");
  EXPECT_EQ(exchange.response.headers.get("set-cookie"), "sid=3");
  EXPECT_EQ(exchange.response.status, 401);
}

TEST(ReadHar, OddTimesAndNumbersAreUnknown) {
  const Exchange exchange =
      read(har_of(R"({"startedDateTime": "yesterday", "response": {"status": 1e300}})")).failure();
  EXPECT_FALSE(exchange.time);
  EXPECT_EQ(exchange.response.status, 0);
  EXPECT_FALSE(read(har_of(R"({"startedDateTime": "1970-01-01T00:00:00Z", "_time_unknown": true})"))
                   .failure()
                   .time);
}

TEST(ReadHar, TheEnvironment) {
  const Environment environment = read(R"({"log": {"entries": [{}], "_environment": {
    "variables": {"A_KEY": "x", "PORT": 8080, "NONE": null}, "clock_offset_seconds": -3.5,
    "files": [{"path": ".env", "content": "A=1\n", "modified": "2026-01-01T00:00:00Z"}, 7],
    "processes": [{"pid": 12, "command": "node", "variables": {"A_KEY": "old"}}],
    "client": "curl/8.5.0", "context": "words"}}})")
                                      .environment;
  EXPECT_EQ(environment.variables.at("PORT"), "8080");
  EXPECT_EQ(environment.variables.at("NONE"), "");
  EXPECT_EQ(environment.clock_offset_seconds, -3.5);
  ASSERT_EQ(environment.files.size(), 1u);
  EXPECT_TRUE(environment.files[0].modified);
  EXPECT_EQ(environment.processes.at(0).pid, 12);
  EXPECT_EQ(environment.processes.at(0).variables.at("A_KEY"), "old");
  EXPECT_EQ(environment.client, "curl/8.5.0");
}

TEST(ReadHar, PicksTheFailure) {
  const std::string text = har_of(R"({"response": {"status": 200}}, {"response": {"status": 401}},
                                     {"response": {"status": 500}})");
  EXPECT_EQ(read(text).failing, 1u);
  EXPECT_EQ(read(text, 3).failing, 2u);
  EXPECT_EQ(error_of(text, 4), "there is no entry 4: the file has 3 entries");
  EXPECT_EQ(error_of(text, 0), "there is no entry 0: the file has 3 entries");
}

TEST(ReadHar, RefusesWithOneFact) {
  EXPECT_EQ(error_of(R"({"log": x})"), "not JSON: it breaks off at byte 8 of 10");
  EXPECT_EQ(error_of("\xef\xbb\xbf{} x"), "not JSON: it breaks off at byte 6 of 7");
  EXPECT_EQ(error_of(R"({"log": {"entries": [{)"),
            "the file is cut off: its JSON does not end by byte 22");
  EXPECT_EQ(error_of(" \n"), "the file is empty");
  EXPECT_EQ(error_of(R"({"info": {"_postman_id": "1"}})"),
            "it is JSON, but no HAR: there is no log.entries");
  EXPECT_EQ(error_of("[1]"), "it is JSON, but no HAR: there is no log.entries");
  EXPECT_EQ(error_of(R"({"log": {"entries": []}})"), "the HAR has no entries");
  EXPECT_EQ(error_of(std::string(100'000, '[')),
            "the JSON is nested more than 160 deep, at byte 160");
  EXPECT_EQ(error_of(std::string(100'000'001, ' ')), "the file is 100 MB; at most 100 MB are read");
}

TEST(WriteHar, HasEveryMemberThatHarRequires) {
  namespace json = boost::json;
  Bundle bundle{{Exchange{}}, 0, {}};
  bundle.exchanges[0].request.url = "https://a.test/?a=%20b";
  bundle.exchanges[0].request.body = "x";
  bundle.exchanges[0].request.headers.add("Cookie", "a=1; b");
  const json::value root = json::parse(write_har(bundle));
  const json::object& log = root.at("log").as_object();
  for (const char* name : {"version", "creator", "entries"})
    EXPECT_TRUE(log.contains(name)) << name;
  const json::object& entry = log.at("entries").at(0).as_object();
  for (const char* name : {"startedDateTime", "time", "request", "response", "cache", "timings"}) {
    EXPECT_TRUE(entry.contains(name)) << name;
  }
  for (const char* name : {"method", "url", "httpVersion", "cookies", "headers", "queryString",
                           "headersSize", "bodySize", "postData"}) {
    EXPECT_TRUE(entry.at("request").as_object().contains(name)) << name;
  }
  for (const char* name : {"status", "statusText", "httpVersion", "cookies", "headers", "content",
                           "redirectURL", "headersSize", "bodySize"}) {
    EXPECT_TRUE(entry.at("response").as_object().contains(name)) << name;
  }
  EXPECT_EQ(entry.at("request").at("queryString").at(0).at("value"), " b");
  EXPECT_EQ(entry.at("request").at("cookies").as_array().size(), 2u);
  EXPECT_TRUE(entry.at("request").at("postData").as_object().contains("mimeType"));
}

TEST(WriteHar, KeepsBytesThatAreNotUtf8) {
  Bundle bundle{{Exchange{}}, 0, {}};
  bundle.exchanges[0].request.url = "https://a.test/\xff";
  bundle.exchanges[0].request.headers.add("X-Key", "k\xa0");
  bundle.exchanges[0].response.body = std::string("\0\x80", 2);
  bundle.environment.variables["KEY"] = "\xfe";
  EXPECT_NO_THROW(boost::json::parse(write_har(bundle)));
  EXPECT_TRUE(read(write_har(bundle)) == bundle);
}

// Whatever a bundle holds comes back.
TEST(WriteHar, RoundTrip) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const auto text = [&] {
    static constexpr std::string_view kPieces[] = {
        "a",   "Z9", "\n", "\"", "\\",           "\x01", "é",  "\xff", "\xef\xbf\xbd",
        "%41", "&",  "=",  ";",  "\xe2\x80\x8b", " ",    "{}", "/"};
    std::string out;
    for (std::size_t n = below(8); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    return out;
  };
  const auto headers = [&](Headers& list) {
    for (std::size_t n = below(4); n > 0; --n) list.add("X" + text(), text());
    if (below(3) == 0) list.add("Cookie", text());
  };
  for (int round = 0; round < 500; ++round) {
    Bundle bundle;
    for (std::size_t n = 1 + below(3); n > 0; --n) {
      Exchange exchange;
      exchange.request = {
          "P" + text(), "https://a.test/" + text() + "?" + text(), "HTTP/1.1", {}, text()};
      exchange.response = {static_cast<int>(below(600)), text(), "HTTP/2", {}, text()};
      headers(exchange.request.headers);
      headers(exchange.response.headers);
      if (below(2)) exchange.time = base::Time(std::chrono::seconds(1'700'000'000 + below(1000)));
      exchange.partial = below(2);
      exchange.remote_address = below(2) ? "192.0.2.1" : "";
      exchange.tls_subject = below(2) ? text() : "";
      exchange.tls_issuer = below(2) ? text() : "";
      exchange.proxy_answered = below(2);
      bundle.exchanges.push_back(std::move(exchange));
    }
    bundle.failing = below(bundle.exchanges.size());
    for (std::size_t n = below(3); n > 0; --n) {
      bundle.environment.variables["V" + std::to_string(n)] = text();
      bundle.environment.files.push_back({text(), text(), {}});
      bundle.environment.processes.push_back(
          {static_cast<long>(below(9999)), text(), {}, {{"K", text()}}});
    }
    bundle.environment.client = text();
    if (below(2)) bundle.environment.clock_offset_seconds = static_cast<double>(below(100)) / 8;
    const std::string written = write_har(bundle);
    ASSERT_NO_THROW(boost::json::parse(written));
    ASSERT_TRUE(read(written) == bundle) << written;
  }
}

}  // namespace
}  // namespace locksmith::http
