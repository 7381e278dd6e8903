// locksmithd decisions and explain: what was answered to whom, and why.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "base/text.hpp"
#include "daemon/commands.hpp"
#include "daemon/reach.hpp"
#include "daemon/words.hpp"
#include "server/json_model.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

struct Options {
  Where where;
  std::string id, key, account, cause, since, until;
  std::size_t limit = 50;
  bool allowed = false, refused = false, json = false;
};

std::string verdict(const json::object& decision) {
  const std::string cause = shown(decision, "cause");
  return cause.empty() ? "allowed" : cause;
}

std::string request_of(const json::object& decision) {
  return fmt::format("{} {}{}", shown(decision, "method"), shown(decision, "host"),
                     shown(decision, "path"));
}

Result<std::string> query_of(const Options& options) {
  std::vector<std::pair<std::string, std::string>> parts{
      {"key", options.key}, {"account", options.account}, {"cause", options.cause}};
  if (options.allowed != options.refused) {
    parts.emplace_back("allowed", options.allowed ? "true" : "false");
  }
  for (const auto& [name, text] :
       {std::pair{"from", &options.since}, std::pair{"until", &options.until}}) {
    if (text->empty()) continue;
    const auto time = time_ago(*text);
    if (!time) return std::unexpected(time.error());
    parts.emplace_back(name, *time);
  }
  std::string query;
  for (const auto& [name, value] : parts) {
    if (value.empty()) continue;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, base::percent_encode(value));
  }
  return query;
}

Result<int> list(const Options& options, Authority& authority) {
  const auto query = query_of(options);
  if (!query) return std::unexpected(query.error());
  auto items = authority.list("/v1/decisions", *query, options.limit);
  if (!items) return std::unexpected(items.error());
  if (options.json) return print_json({{"items", std::move(*items)}});
  std::vector<std::vector<std::string>> rows{
      {"TIME", "REQUEST ID", "DECISION", "KEY", "CLIENT", "REQUEST"}};
  for (const json::value& item : *items) {
    const json::object& decision = item.as_object();
    rows.push_back({shown(decision, "at").substr(0, 19) + "Z", shown(decision, "id"),
                    verdict(decision), shown(decision, "key"), shown(decision, "client"),
                    request_of(decision)});
  }
  return print(rows.size() == 1 ? "no decisions\n" : table(rows));
}

std::string checks_of(const json::value& checks) {
  std::vector<std::vector<std::string>> rows;
  for (const json::value& item : checks.as_array()) {
    const json::object& check = item.as_object();
    const bool made = check.at("made").as_bool(), passed = check.at("passed").as_bool();
    rows.push_back({made ? (passed ? "  passed" : "  FAILED") : "  -", shown(check, "check"),
                    shown(check, "saw")});
  }
  return table(rows);
}

std::string change_of(const json::object& from, std::string_view lead) {
  const std::string change = shown(from, "single_change");
  return change.empty() ? "" : fmt::format("{}{}\n", lead, change);
}

std::string now_of(const json::object& now) {
  if (!now.at("repeatable").as_bool()) {
    return fmt::format("now\n  not decided again: {}\n", shown(now, "why_not"));
  }
  if (now.at("allowed").as_bool()) return "now\n  the same request would be allowed\n";
  return fmt::format("now\n  the same request would be refused: {}\n{}{}", shown(now, "cause"),
                     checks_of(now.at("checks")), change_of(now, "  what would let it pass: "));
}

std::string explain(const json::object& decision) {
  std::string out = fmt::format("{}  {}\n", shown(decision, "id"), verdict(decision)) +
                    fields({{"time", shown(decision, "at")},
                            {"request", request_of(decision)},
                            {"client", shown(decision, "client")},
                            {"user agent", shown(decision, "user_agent")},
                            {"key", shown(decision, "key")},
                            {"account", shown(decision, "account")}});
  if (const auto* trace = decision.if_contains("trace"); trace && trace->is_object()) {
    out += fmt::format("\nthen\n{}{}", checks_of(trace->at("checks")),
                       change_of(trace->get_object(), "  what would have let it pass: "));
  }
  const auto* now = decision.if_contains("now");
  if (now && now->is_object()) out += "\n" + now_of(now->get_object());
  const std::string cause = shown(decision, "cause");
  if (!cause.empty())
    out += fmt::format("\n`locksmith explain {}` says more of this cause.\n", cause);
  return out;
}

Result<int> explain(const Options& options, Authority& authority) {
  const auto decision = authority.ask("GET", "/v1/decisions/" + base::percent_encode(options.id));
  if (!decision) return std::unexpected(decision.error());
  return options.json ? print_json(*decision) : print(explain(*decision));
}

using Action = Result<int> (*)(const Options&, Authority&);
Run run(std::shared_ptr<Options> options, Action action) {
  return [options, action] {
    const auto authority = reach(options->where);
    if (!authority) return report_error(authority.error());
    const auto done = action(*options, **authority);
    return done ? *done : report_error(done.error());
  };
}

}  // namespace

Run add_decisions(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command =
      program.add_subcommand("decisions", "Lists what was refused (and allowed), newest first.");
  add_where(*command, options->where);
  command->add_option("--key", options->key, "of this key's id");
  command->add_option("--account", options->account, "of this account");
  command->add_option("--cause", options->cause, "for this cause: expired, missing-scope, …");
  command->add_flag("--allowed", options->allowed, "allowed ones only, where they are recorded");
  command->add_flag("--refused", options->refused, "refused ones only");
  command->add_option("--since", options->since, "24h, or a time");
  command->add_option("--until", options->until, "likewise");
  command->add_option("--limit", options->limit, "how many at most, 50 by default");
  command->add_flag("--json", options->json, "print for programs");
  command->footer("Example:\n  locksmith decisions --cause missing-scope --since 24h");
  return run(options, list);
}

Run add_explain(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "explain", "Shows every check of one decision, as it was then and as it would be now.");
  add_where(*command, options->where);
  command->add_option("id", options->id, "the X-Request-Id of the answer: req_…")->required();
  command->add_flag("--json", options->json, "print for programs");
  return run(options, explain);
}

}  // namespace locksmith::daemon
