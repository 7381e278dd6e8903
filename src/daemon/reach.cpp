#include "daemon/reach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>

#include "base/file.hpp"
#include "base/text.hpp"
#include "daemon/commands.hpp"
#include "server/json_model.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

constexpr std::size_t page = 200;  // most that the interface gives at once

Error error_of(const Reply& reply) {
  boost::system::error_code error;
  const json::value body = json::parse(reply.body, error);
  std::string detail;
  if (!error && body.is_object()) {
    detail = server::text_of(body.get_object(), "detail");
    if (detail.empty()) detail = server::text_of(body.get_object(), "title");
  }
  if (detail.empty()) detail = "no reason given; is it the authority that answers there?";
  while (detail.ends_with('.')) detail.pop_back();
  if (reply.status == 401 || reply.status == 403) {
    return {ErrorCode::usage, fmt::format("the authority refuses ({}): {}", reply.status, detail),
            "an administrator's key with the right scope is needed: --admin-key file:PATH"};
  }
  const bool own = reply.status >= 400 && reply.status < 500;
  return {own ? ErrorCode::usage : ErrorCode::unreadable,
          own ? detail : fmt::format("the authority fails ({}): {}", reply.status, detail), ""};
}

Result<json::object> read_reply(const Result<Reply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  if (reply->status < 200 || reply->status > 299) return std::unexpected(error_of(*reply));
  boost::system::error_code error;
  json::value value = json::parse(reply->body, error);
  if (error || !value.is_object()) {
    return fail(ErrorCode::unreadable, "what answers there is not the authority",
                "--server names the address that [server] listen of locksmith.toml has");
  }
  return std::move(value.get_object());
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

void add_where(arguments::Command& command, Where& where) {
  command.add_option("--server", where.server,
                     "a running authority: its URL, or unix:PATH; LOCKSMITH_SERVER by default");
  command.add_option("--admin-key", where.admin_key,
                     "where the administrator's key is: file:PATH, env:NAME, pass:NAME, … "
                     "(env:LOCKSMITH_ADMIN_KEY by default)");
  command.add_option("--config", where.config,
                     "without a server: the policy, locksmith.toml by default");
  command.add_option("--store", where.store, "without a server: instead of the file's store");
}

Result<json::object> Authority::ask(std::string_view method, const std::string& target) {
  return ask(method, target, json::object{});
}

Result<json::object> Authority::ask(std::string_view method, const std::string& target,
                                    const json::object& body) {
  return read_reply(send(method, target, method == "GET" ? "" : json::serialize(body)));
}

Result<json::object> Authority::post(const std::string& target, const std::string& body) {
  return read_reply(send("POST", target, body));
}

Result<json::array> Authority::list(const std::string& path, const std::string& query,
                                    std::size_t most) {
  json::array items;
  std::string after;
  while (items.size() < most) {
    std::string target = fmt::format("{}{}{}limit={}", path, query, query.empty() ? "?" : "&",
                                     std::min(page, most - items.size()));
    if (!after.empty()) target += "&after=" + base::percent_encode(after);
    auto answered = ask("GET", target);
    if (!answered) return std::unexpected(answered.error());
    json::value* got = answered->if_contains("items");
    if (!got || !got->is_array()) return fail(ErrorCode::unreadable, "the answer has no items");
    for (json::value& item : got->get_array()) items.push_back(std::move(item));
    after = server::text_of(*answered, "next");
    if (after.empty()) break;
  }
  return items;
}

Result<authority::Settings> read_config(const Where& where) {
  const auto text = base::read_regular_file(where.config);
  if (!text) {
    Error error = text.error();
    error.hint = "name the policy with --config, or a running authority with --server";
    return std::unexpected(error);
  }
  auto settings = authority::read_settings(*text, where.config);
  if (settings && !where.store.empty()) settings->server.store = where.store;
  return settings;
}

Result<std::unique_ptr<Authority>> reach(const Where& where) {
  const std::string server = where.server.empty() ? environment("LOCKSMITH_SERVER") : where.server;
  return server.empty() ? reach_store(where) : reach_server(server, where.admin_key);
}

int act(const Where& where, const std::function<Result<int>(Authority&)>& action) {
  const auto authority = reach(where);
  if (!authority) return report_error(authority.error());
  const auto done = action(**authority);
  return done ? *done : report_error(done.error());
}

}  // namespace locksmith::daemon
