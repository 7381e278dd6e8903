// locksmithd accounts: makes, shows, changes, suspends and resumes them.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "base/text.hpp"
#include "daemon/commands.hpp"
#include "daemon/reach.hpp"
#include "daemon/wishes.hpp"
#include "daemon/words.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

struct Options {
  Where where;
  AccountWish wish;
  std::string id, state, plan, reason;
  std::size_t limit = 100;
  bool json = false, quiet = false;
};

std::string path_of(const Options& options, std::string_view action = {}) {
  return fmt::format("/v1/accounts/{}{}", base::percent_encode(options.id), action);
}

std::string describe(const json::object& account) {
  std::string state = shown(account, "state");
  if (const auto since = shown(account, "since"); !since.empty()) state += " since " + since;
  if (const auto reason = shown(account, "reason"); !reason.empty()) state += ": " + reason;
  return fmt::format("{}  {}\n", shown(account, "id"), shown(account, "name")) +
         fields({{"state", state},
                 {"plan", shown(account, "plan")},
                 {"rate", shown(account, "rate")},
                 {"quota", shown(account, "quota")},
                 {"created", shown(account, "created")},
                 {"metadata", shown(account, "metadata")}});
}

Result<int> print_account(const Options& options, const Result<json::object>& account) {
  if (!account) return std::unexpected(account.error());
  if (options.json) return print_json(*account);
  return options.quiet ? print(shown(*account, "id") + "\n") : print(describe(*account));
}

Result<int> create(const Options& options, Authority& authority) {
  const auto body = to_json(options.wish);
  if (!body) return std::unexpected(body.error());
  return print_account(options, authority.ask("POST", "/v1/accounts", *body));
}

Result<int> list(const Options& options, Authority& authority) {
  std::string query;
  for (const auto& [name, value] :
       {std::pair{"state", &options.state}, std::pair{"plan", &options.plan},
        std::pair{"name", &options.wish.name}}) {
    if (value->empty()) continue;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, base::percent_encode(*value));
  }
  auto items = authority.list("/v1/accounts", query, options.limit);
  if (!items) return std::unexpected(items.error());
  if (options.json) return print_json({{"items", std::move(*items)}});
  std::vector<std::vector<std::string>> rows{{"ID", "NAME", "STATE", "PLAN", "CREATED"}};
  for (const json::value& item : *items) {
    const json::object& account = item.as_object();
    rows.push_back({shown(account, "id"), shown(account, "name"), shown(account, "state"),
                    shown(account, "plan"), shown(account, "created")});
  }
  if (rows.size() == 1) return print("no accounts\n");
  const bool more = items->size() == options.limit;
  return print(table(rows) +
               (more ? fmt::format("the first {}; --limit N shows more\n", options.limit) : ""));
}

Result<int> show(const Options& options, Authority& authority) {
  return print_account(options, authority.ask("GET", path_of(options)));
}

Result<int> suspend(const Options& options, Authority& authority) {
  return print_account(
      options, authority.ask("POST", path_of(options, "/suspend"), {{"reason", options.reason}}));
}

Result<int> resume(const Options& options, Authority& authority) {
  return print_account(options, authority.ask("POST", path_of(options, "/resume")));
}

Result<int> change(const Options& options, Authority& authority) {
  const auto body = to_json(options.wish);
  if (!body) return std::unexpected(body.error());
  if (body->empty()) {
    return fail(ErrorCode::usage, "nothing to change", "such as --plan gold, or --clear rate");
  }
  return print_account(options, authority.ask("PATCH", path_of(options), *body));
}

using Action = Result<int> (*)(const Options&, Authority&);
int run(const Options& options, Action action) {
  return act(options.where, [&](Authority& authority) { return action(options, authority); });
}

}  // namespace

Run add_accounts(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* accounts =
      program.add_subcommand("accounts", "Whose the keys are: makes, shows and suspends accounts.");
  accounts->require_subcommand(1);
  accounts->footer(
      "Examples:\n  locksmith accounts create --name \"Example Ltd\" --plan gold\n"
      "  locksmith accounts suspend acct_… --reason \"unpaid since May\"");
  auto chosen = std::make_shared<std::vector<std::pair<arguments::Command*, Action>>>();
  const auto add = [&](const char* name, const char* about, Action action) {
    arguments::Command* command = accounts->add_subcommand(name, about);
    add_where(*command, options->where);
    command->add_flag("--json", options->json, "print for programs");
    chosen->emplace_back(command, action);
    return command;
  };
  const auto with_id = [&](arguments::Command* command) {
    command->add_option("id", options->id, "acct_…")->required();
    return command;
  };

  arguments::Command* command = add("create", "Makes an account.", create);
  add_wish(*command, options->wish, false);
  command->add_flag("--quiet", options->quiet, "print its id alone");

  command = add("list", "Lists accounts.", list);
  command->add_option("--state", options->state, "active or suspended");
  command->add_option("--plan", options->plan, "of this plan");
  command->add_option("--name", options->wish.name, "whose name holds this");
  command->add_option("--limit", options->limit, "how many at most, 100 by default");

  with_id(add("show", "Shows an account.", show));
  command = with_id(add("suspend", "Refuses all keys of an account, at once.", suspend));
  command->add_option("--reason", options->reason, "shown to whoever holds one of its keys");
  with_id(add("resume", "Takes the suspension back.", resume));
  add_wish(*with_id(add("change", "Changes an account.", change)), options->wish, true);
  return [options, chosen] {
    for (const auto& [sub, action] : *chosen) {
      if (sub->parsed()) return run(*options, action);
    }
    return exit_usage;
  };
}

}  // namespace locksmith::daemon
