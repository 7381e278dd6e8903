// Requests written as curl commands, and a server that refuses by a rule: what the tests of this
// folder share.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "compare/compare.hpp"

namespace locksmith::compare {

// No secret, but it looks like one to everything here.
inline const std::string key = std::string("lks_live_") + "Zx81kQ" + std::string(20, 'q') + "7";
inline const std::string other_key =
    std::string("lks_live_") + "Ab93mW" + std::string(20, 'r') + "5";

inline Input command(const std::string& words, std::string label = "command") {
  auto question = doctor::read_command_text("curl " + words);
  EXPECT_TRUE(question) << words;
  return {std::move(label), std::move(*question)};
}

inline Side side(const Input& input) {
  return {input.question.bundle, input.question.options, !input.question.answered};
}

inline Differences differences_of(const std::string& good, const std::string& bad,
                                  const catalogue::Catalogue& catalogue = catalogue::embedded()) {
  const Input g = command(good), b = command(bad);
  const Draft from = take_apart(side(g), catalogue);
  const Draft to = take_apart(side(b), catalogue, from.key ? &*from.key : nullptr);
  return find_differences(from, to, catalogue, catalogue.provider_of_host(to.url.host));
}

// Answers by a rule, and remembers all that it was sent.
class Server : public probe::Transport {
 public:
  using Rule = std::function<int(const http::Request&, const http::ClientOptions&)>;
  explicit Server(Rule rule) : rule_(std::move(rule)) {}

  Result<probe::Sent> send(const http::Request& request, const http::ClientOptions& options,
                           const probe::Limits&) override {
    requests.push_back(request);
    probe::Sent sent;
    sent.exchange.request = request;
    sent.exchange.response.status = rule_(request, options);
    if (sent.exchange.response.status == 0) return fail(ErrorCode::unreachable, "no answer");
    return sent;
  }
  void pause(std::chrono::seconds) override {}

  std::vector<http::Request> requests;

 private:
  Rule rule_;
};

inline std::vector<std::string> kinds_of(const Report& report) {
  std::vector<std::string> slugs;
  for (const std::size_t i : report.named)
    slugs.emplace_back(info(report.differences[i].kind).slug);
  return slugs;
}

inline std::string everything(const Report& report) {
  return as_text(report, {.verbose = true}) + as_json(report) + as_markdown(report);
}

}  // namespace locksmith::compare
