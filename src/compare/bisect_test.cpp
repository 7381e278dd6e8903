// The bisection against rules that are known: it finds each, alone and in pairs, and asks little.
#include "compare/bisect.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "compare/compare_test_support.hpp"

namespace locksmith::compare {
namespace {

using Meaning = Reply::Meaning;

bool has(const Subset& set, std::size_t i) { return std::ranges::binary_search(set, i); }

struct Asked {
  Bisection found;
  std::size_t questions = 0;
};

Asked ask_about(std::size_t n, const std::function<int(const Subset&)>& status,
                std::size_t budget = 100) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < n; ++i) weights.push_back(36.0 - 3.0 * static_cast<double>(i));
  Subset all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(i);
  Asked asked;
  std::set<Subset> known;
  asked.found = bisect(weights, status(all), [&](const Subset& set) -> std::optional<Reply> {
    if (known.insert(set).second && ++asked.questions > budget) return {};
    const int answer = status(set);
    return Reply{answer < 300    ? Meaning::works
                 : answer >= 500 ? Meaning::useless
                                 : Meaning::refused,
                 answer};
  });
  return asked;
}

TEST(bisect, finds_each_of_eleven_alone_within_ten_questions) {
  for (std::size_t n = 1; n <= 11; ++n) {
    for (std::size_t guilty = 0; guilty < n; ++guilty) {
      const Asked asked =
          ask_about(n, [&](const Subset& set) { return has(set, guilty) ? 401 : 200; });
      ASSERT_EQ(asked.found.guilty.size(), 1U) << n << " " << guilty;
      EXPECT_EQ(asked.found.guilty[0].differences, Subset{guilty}) << n;
      EXPECT_TRUE(asked.found.proved) << n << " " << guilty;
      EXPECT_LE(asked.questions, 10U) << n << " " << guilty;
    }
  }
}

TEST(bisect, asks_about_the_likeliest_first) {
  const Asked asked = ask_about(8, [](const Subset& set) { return has(set, 0) ? 401 : 200; });
  EXPECT_LE(asked.questions, 4U);
}

TEST(bisect, finds_two_that_only_fail_together) {
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = a + 1; b < 6; ++b) {
      const Asked asked =
          ask_about(6, [&](const Subset& set) { return has(set, a) && has(set, b) ? 401 : 200; });
      ASSERT_EQ(asked.found.guilty.size(), 1U) << a << " " << b;
      EXPECT_EQ(asked.found.guilty[0].differences, (Subset{a, b}));
      EXPECT_TRUE(asked.found.proved);
    }
  }
}

TEST(bisect, finds_two_that_each_fail_by_themselves) {
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = a + 1; b < 6; ++b) {
      // The one is checked first, and hides the other, which is refused with another status.
      const Asked asked = ask_about(6, [&](const Subset& set) {
        return has(set, a) ? 401 : has(set, b) ? 400 : 200;
      });
      ASSERT_EQ(asked.found.guilty.size(), 2U) << a << " " << b;
      EXPECT_EQ(asked.found.guilty[0].differences, Subset{a});
      EXPECT_EQ(asked.found.guilty[1].differences, Subset{b});
      EXPECT_EQ(asked.found.guilty[1].status, 400);
      EXPECT_TRUE(asked.found.proved);
    }
  }
}

TEST(bisect, does_not_claim_more_than_it_asked) {
  const auto rule = [](const Subset& set) { return has(set, 7) ? 401 : 200; };
  const Asked asked = ask_about(8, rule, 2);
  EXPECT_FALSE(asked.found.guilty.at(0).minimal);
  EXPECT_FALSE(asked.found.proved);
  EXPECT_TRUE(has(asked.found.guilty.at(0).differences, 7));
}

TEST(bisect, an_answer_that_tells_nothing_is_no_acquittal) {
  // Whatever is mixed, the server is out of order.
  const Asked asked = ask_about(4, [](const Subset& set) { return set.size() == 4 ? 401 : 503; });
  ASSERT_EQ(asked.found.guilty.size(), 1U);
  EXPECT_FALSE(asked.found.guilty[0].minimal);
}

// --- through the whole: real requests, and a server with a planted rule -------------------------

const std::string base_url = "https://api.acme.test/v1/things";

std::string with(const std::string& header) { return "-H '" + header + "' "; }

struct Planted {
  const char* slug;
  std::string change;  // put behind the good request; "" is `bad` alone
  std::function<bool(const http::Request&)> refuses;
};

const std::vector<Planted>& planted() {
  static const std::vector<Planted> table{
      {"accept", with("Accept: text/html"),
       [](const auto& r) { return r.headers.get("Accept") == "text/html"; }},
      {"user-agent", "-A httpx/1 ",
       [](const auto& r) { return r.headers.get("User-Agent").starts_with("httpx"); }},
      {"origin-header", with("Origin: https://x.test"),
       [](const auto& r) { return r.headers.has("Origin"); }},
      {"csrf-header", with("X-CSRF-Token: 1"),
       [](const auto& r) { return r.headers.has("X-CSRF-Token"); }},
      {"cookie", "-b a=1 ", [](const auto& r) { return r.headers.has("Cookie"); }},
      {"other-header", with("X-Tenant: 7"),
       [](const auto& r) { return r.headers.has("X-Tenant"); }},
      {"second-credential", with("X-Auth-Token: " + other_key),
       [](const auto& r) { return r.headers.has("X-Auth-Token"); }},
      {"noise", with("Cache-Control: no-cache"),
       [](const auto& r) { return r.headers.has("Cache-Control"); }},
  };
  return table;
}

// The key's own faults, and those of the target: they change what is there.
struct Changed {
  const char* slug;
  std::string authorization, target;
  std::function<bool(const http::Request&)> refuses;
};

const std::vector<Changed>& changed() {
  const auto authorization = [](const http::Request& r) {
    return std::string(r.headers.get("Authorization"));
  };
  static const std::vector<Changed> table{
      {"key-scheme", "Authorization: Token " + key, base_url,
       [=](const auto& r) { return !authorization(r).starts_with("Bearer "); }},
      {"key-other", "Authorization: Bearer " + other_key, base_url,
       [=](const auto& r) { return authorization(r).ends_with(other_key); }},
      {"key-defect", "Authorization: Bearer \"" + key + "\"", base_url,
       [=](const auto& r) { return authorization(r).contains('"'); }},
      {"key-place", "X-Api-Key: " + key, base_url,
       [](const auto& r) { return !r.headers.has("Authorization"); }},
      {"path", "Authorization: Bearer " + key, "https://api.acme.test/v2/things",
       [](const auto& r) { return r.url.contains("/v2/"); }},
      {"path-slash", "Authorization: Bearer " + key, base_url + "/",
       [](const auto& r) { return r.url.ends_with('/'); }},
      {"query", "Authorization: Bearer " + key, base_url + "?a=1",
       [](const auto& r) { return r.url.contains("a=1"); }},
  };
  return table;
}

Report compare_with(const std::string& good, const std::string& bad, Server& server,
                    Options options = {}) {
  const Report report =
      examine(command(good), command(bad), catalogue::embedded(), options, &server);
  EXPECT_LE(server.requests.size(), options.budget);
  EXPECT_EQ(report.requests.size(), server.requests.size());
  for (const std::string& secret : {key, other_key})
    EXPECT_FALSE(everything(report).contains(secret.substr(0, 20)));
  return report;
}

const std::string good_request = with("Authorization: Bearer " + key) + base_url;

TEST(experiment, finds_every_planted_rule_among_all_others) {
  std::string all;
  for (const Planted& row : planted()) all += row.change;
  for (const Planted& row : planted()) {
    Server server([&](const http::Request& r, const auto&) { return row.refuses(r) ? 401 : 200; });
    const Report report = compare_with(good_request, all + good_request, server);
    if (std::string_view(row.slug) == "noise") {
      EXPECT_EQ(report.outcome, Outcome::undetermined);
      EXPECT_TRUE(as_text(report, {}).contains("Cache-Control header"));
      continue;
    }
    EXPECT_EQ(report.outcome, Outcome::proved) << row.slug;
    EXPECT_EQ(kinds_of(report), std::vector<std::string>{row.slug});
  }
}

TEST(experiment, finds_every_change_of_key_and_target_among_others) {
  for (const Changed& row : changed()) {
    Server server([&](const http::Request& r, const auto&) { return row.refuses(r) ? 401 : 200; });
    const Report report = compare_with(
        good_request,
        planted()[0].change + planted()[1].change + with(row.authorization) + row.target, server);
    EXPECT_EQ(report.outcome, Outcome::proved) << row.slug;
    EXPECT_EQ(kinds_of(report), std::vector<std::string>{row.slug});
  }
}

TEST(experiment, finds_two_together) {
  std::string all;
  for (const Planted& row : planted()) all += row.change;
  for (std::size_t a = 0; a < planted().size(); ++a) {
    for (std::size_t b = a + 1; b + 1 < planted().size(); ++b) {
      Server server([&](const http::Request& r, const auto&) {
        return planted()[a].refuses(r) && planted()[b].refuses(r) ? 403 : 200;
      });
      const Report report = compare_with(good_request, all + good_request, server, {.budget = 40});
      auto found = kinds_of(report);
      std::vector<std::string> expected{planted()[a].slug, planted()[b].slug};
      std::ranges::sort(found);
      std::ranges::sort(expected);
      EXPECT_EQ(report.outcome, Outcome::proved);
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(experiment, says_when_good_fails_or_bad_works) {
  Server refuses([](const auto&, const auto&) { return 401; });
  Report report = compare_with(good_request, planted()[0].change + good_request, refuses);
  EXPECT_EQ(report.outcome, Outcome::contradicted);
  EXPECT_TRUE(as_text(report, {}).contains("GOOD does not work"));
  EXPECT_EQ(refuses.requests.size(), 2U);
  Server accepts([](const auto&, const auto&) { return 200; });
  report = compare_with(good_request, planted()[0].change + good_request, accepts);
  EXPECT_EQ(report.outcome, Outcome::contradicted);
  EXPECT_TRUE(as_text(report, {}).contains("BAD is not refused"));
}

TEST(experiment, stops_when_the_server_limits_the_rate) {
  std::size_t n = 0;
  std::string all;
  for (const Planted& row : planted()) all += row.change;
  Server server([&](const http::Request& r, const auto&) {
    return ++n > 2 ? 429 : r.headers.has("Cookie") ? 401 : 200;
  });
  const Report report = compare_with(good_request, all + good_request, server);
  EXPECT_EQ(report.outcome, Outcome::undetermined);
  EXPECT_EQ(server.requests.size(), 3U);
}

TEST(experiment, an_unreachable_server_is_said_to_be_one) {
  Server server([](const auto&, const auto&) { return 0; });
  const Report report = compare_with(good_request, planted()[0].change + good_request, server);
  EXPECT_EQ(report.outcome, Outcome::unreachable);
  ASSERT_TRUE(report.error);
}

}  // namespace
}  // namespace locksmith::compare
