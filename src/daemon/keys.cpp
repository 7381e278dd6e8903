// locksmithd keys: issues, shows, changes, rotates and revokes them. Import and export:
// keys_files.cpp.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "base/text.hpp"
#include "base/time.hpp"
#include "daemon/commands.hpp"
#include "daemon/keys_files.hpp"
#include "daemon/reach.hpp"
#include "daemon/wishes.hpp"
#include "daemon/words.hpp"
#include "server/json_model.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

struct Options {
  Where where;
  KeyWish wish;
  std::string id, account, environment, state, name, reason, grace, finish_when_unused;
  std::size_t limit = 100;
  bool json = false, quiet = false;
};

std::string path_of(const Options& options, std::string_view action = {}) {
  return fmt::format("/v1/keys/{}{}", base::percent_encode(options.id), action);
}

std::string state_of(const json::object& key) {
  std::string out = shown(key, "state");
  if (const std::string since = shown(key, "since"); !since.empty()) out += " since " + since;
  // Of a rotated key the reason is that it was rotated.
  const std::string reason = shown(key, "reason");
  if (!reason.empty() && reason != shown(key, "state")) out += ": " + reason;
  if (const std::string until = shown(key, "grace_until"); !until.empty()) {
    out += "; works until " + until;
  }
  if (const auto* unused = key.if_contains("finish_when_unused_seconds")) {
    out += fmt::format(", or until unused for {}",
                       base::format_duration(std::chrono::seconds(unused->to_number<long>())));
  }
  return out;
}

std::string describe(const json::object& key) {
  const std::string name = shown(key, "name");
  return shown(key, "id") + (name.empty() ? "" : "  " + name) + "\n" +
         fields({{"account", shown(key, "account")},
                 {"environment", shown(key, "environment")},
                 {"key", shown(key, "hint")},
                 {"state", state_of(key)},
                 {"successor", shown(key, "successor")},
                 {"found at", shown(key, "leak_url")},
                 {"scopes", shown(key, "scopes")},
                 {"endpoints", shown(key, "endpoints")},
                 {"methods", shown(key, "methods")},
                 {"addresses", shown(key, "addresses")},
                 {"origins", shown(key, "origins")},
                 {"rate", shown(key, "rate")},
                 {"not before", shown(key, "not_before")},
                 {"expires", shown(key, "expires")},
                 {"created", shown(key, "created")},
                 {"metadata", shown(key, "metadata")}});
}

// The one time that the secret is shown; with --quiet nothing else is.
int print_issued(const Options& options, const json::object& key) {
  const std::string secret = server::text_of(key, "secret");
  if (options.quiet) return print(secret + "\n");
  if (options.json) return print_json(key);
  return print(fmt::format("{}\n\n{}\nThis is shown once: only its SHA-256 is kept.\n", secret,
                           describe(key)));
}

Result<int> create(const Options& options, Authority& authority) {
  auto body = to_json(options.wish);
  if (!body) return std::unexpected(body.error());
  (*body)["account"] = options.account;
  (*body)["environment"] = options.environment.empty() ? "live" : options.environment;
  const auto key = authority.ask("POST", "/v1/keys", *body);
  if (!key) return std::unexpected(key.error());
  return print_issued(options, *key);
}

std::string query_of(const Options& options) {
  std::string query;
  for (const auto& [name, value] :
       {std::pair{"account", &options.account}, std::pair{"environment", &options.environment},
        std::pair{"state", &options.state}, std::pair{"name", &options.name}}) {
    if (value->empty()) continue;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, base::percent_encode(*value));
  }
  return query;
}

Result<int> list(const Options& options, Authority& authority) {
  auto items = authority.list("/v1/keys", query_of(options), options.limit);
  if (!items) return std::unexpected(items.error());
  if (options.json) return print_json({{"items", std::move(*items)}});
  std::vector<std::vector<std::string>> rows{
      {"ID", "KEY", "NAME", "ACCOUNT", "ENVIRONMENT", "STATE", "EXPIRES"}};
  for (const json::value& item : *items) {
    const json::object& key = item.as_object();
    rows.push_back({shown(key, "id"), shown(key, "hint"), shown(key, "name"), shown(key, "account"),
                    shown(key, "environment"), shown(key, "state"), shown(key, "expires")});
  }
  if (rows.size() == 1) return print("no keys\n");
  const bool more = items->size() == options.limit;
  return print(table(rows) +
               (more ? fmt::format("the first {}; --limit N shows more\n", options.limit) : ""));
}

Result<int> show(const Options& options, Authority& authority) {
  auto key = authority.ask("GET", path_of(options));
  if (!key) return std::unexpected(key.error());
  auto uses = authority.ask("GET", path_of(options, "/uses"));
  if (!uses) return std::unexpected(uses.error());
  json::array& items = uses->at("items").as_array();
  if (options.json) {
    (*key)["uses"] = std::move(items);
    return print_json(*key);
  }
  std::vector<std::vector<std::string>> rows{{"ADDRESS", "USER AGENT", "COUNT", "LAST"}};
  for (const json::value& item : items) {
    const json::object& use = item.as_object();
    rows.push_back(
        {shown(use, "client"), shown(use, "user_agent"), shown(use, "count"), shown(use, "last")});
  }
  return print(describe(*key) + (items.empty() ? "\nnot used yet\n" : "\nused by\n" + table(rows)));
}

Result<int> rotate(const Options& options, Authority& authority) {
  json::object body;
  if (!options.grace.empty()) body["grace"] = options.grace;
  if (!options.finish_when_unused.empty()) body["finish_when_unused"] = options.finish_when_unused;
  const auto key = authority.ask("POST", path_of(options, "/rotate"), body);
  if (!key) return std::unexpected(key.error());
  return print_issued(options, *key);
}

int print_key(const Options& options, const json::object& key) {
  if (options.quiet) return exit_ok;
  return options.json ? print_json(key) : print(describe(key));
}

Result<int> revoke(const Options& options, Authority& authority) {
  const auto key = authority.ask("POST", path_of(options, "/revoke"), {{"reason", options.reason}});
  if (!key) return std::unexpected(key.error());
  return print_key(options, *key);
}

Result<int> change(const Options& options, Authority& authority) {
  const auto body = to_json(options.wish);
  if (!body) return std::unexpected(body.error());
  if (body->empty()) {
    return fail(ErrorCode::usage, "nothing to change", "such as --expires 90d, or --clear expires");
  }
  const auto key = authority.ask("PATCH", path_of(options), *body);
  if (!key) return std::unexpected(key.error());
  return print_key(options, *key);
}

using Action = Result<int> (*)(const Options&, Authority&);
int run(const Options& options, Action action) {
  return act(options.where, [&](Authority& authority) { return action(options, authority); });
}

}  // namespace

Run add_keys(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* keys =
      program.add_subcommand("keys", "Issues, shows, rotates and revokes API keys.");
  keys->require_subcommand(1);
  keys->footer(
      "Examples:\n  locksmith keys create --account acct_… --scope orders:read --expires 90d\n"
      "  locksmith keys rotate key_… --grace 24h --finish-when-unused 6h\n"
      "  locksmith keys import keys.csv --account acct_… --environment live");
  auto chosen = std::make_shared<std::vector<std::pair<arguments::Command*, Run>>>();
  const auto add = [&](const char* name, const char* about, Action action) {
    arguments::Command* command = keys->add_subcommand(name, about);
    add_where(*command, options->where);
    command->add_flag("--json", options->json, "print for programs");
    chosen->emplace_back(command, [options, action] { return run(*options, action); });
    return command;
  };
  const auto with_id = [&](arguments::Command* command) {
    command->add_option("id", options->id, "key_…")->required();
    return command;
  };

  arguments::Command* command = add("create", "Issues a key; its secret is shown once.", create);
  command->add_option("--account", options->account, "whose key it is")->required();
  command->add_option("--environment", options->environment, "live by default");
  command->add_flag("--quiet", options->quiet, "print the secret alone");
  add_wish(*command, options->wish, false);

  command = add("list", "Lists keys.", list);
  command->add_option("--account", options->account, "of this account");
  command->add_option("--environment", options->environment, "of this environment");
  command->add_option("--state", options->state, "active, revoked, rotated or leaked");
  command->add_option("--name", options->name, "whose name holds this");
  command->add_option("--limit", options->limit, "how many at most, 100 by default");

  with_id(add("show", "Shows a key, and who uses it.", show));

  command = with_id(add("rotate", "Issues a successor; the old key goes on for a while.", rotate));
  command->add_option("--grace", options->grace, "how long the old one works on: 24h");
  command->add_option("--finish-when-unused", options->finish_when_unused,
                      "… or until nobody has used it for so long: 6h");
  command->add_flag("--quiet", options->quiet, "print the new secret alone");

  command = with_id(add("revoke", "Ends a key at once; its holder reads why.", revoke));
  command->add_option("--reason", options->reason, "shown to whoever holds the key");
  command->add_flag("--quiet", options->quiet, "print nothing");

  command = with_id(add("change", "Changes what a key may do.", change));
  add_wish(*command, options->wish, true);
  command->add_flag("--quiet", options->quiet, "print nothing");

  chosen->push_back(add_keys_import(*keys));
  chosen->push_back(add_keys_export(*keys));
  return [chosen] {
    for (const auto& [sub, action] : *chosen) {
      if (sub->parsed()) return action();
    }
    return exit_usage;
  };
}

}  // namespace locksmith::daemon
