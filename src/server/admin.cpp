#include "server/admin.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/text.hpp"
#include "server/forwarded.hpp"

namespace locksmith::server {

namespace json = boost::json;

void send_json(Call& call, int status, const json::object& body) {
  call.response.start(status);
  call.response.header("X-Request-Id", call.id);
  call.response.header("Cache-Control", "no-store");
  call.response.finish("application/json", json::serialize(body));
}

std::string query_value(const Call& call, std::string_view name) {
  return base::percent_decode(parameter(call.request.query(), name), true);
}

std::optional<Page> read_page(Call& call, std::initializer_list<std::string_view> filters) {
  std::string_view query = call.request.query();
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto name = pair.substr(0, pair.find('='));
    if (pair.empty() || name == "limit" || name == "after" ||
        std::find(filters.begin(), filters.end(), name) != filters.end())
      continue;
    std::string known = "limit, after";
    for (const auto filter : filters) known += ", " + std::string(filter);
    // What was written is not shown: it may be a key in the wrong place.
    call.problem(400, "There is a parameter that is not known here. Known are: " + known + ".");
    return {};
  }
  Page page;
  page.after = query_value(call, "after");
  const auto limit = query_value(call, "limit");
  if (!limit.empty()) {
    const char* end = limit.data() + limit.size();
    const auto [stop, error] = std::from_chars(limit.data(), end, page.limit);
    if (error != std::errc{} || stop != end || page.limit < 1 || page.limit > 200) {
      call.problem(400, "\"limit\" is a number from 1 to 200.");
      return {};
    }
  }
  return page;
}

void send_page(Call& call, json::array items, const std::string& next) {
  send_json(call, 200,
            {{"items", std::move(items)},
             {"next", next.empty() ? json::value(nullptr) : json::value(next)}});
}

std::optional<authority::Snapshot> apply(Call& call, std::string_view action,
                                         const Service::Wish& wish) {
  auto done = call.service.change(call.actor, action, wish);
  if (done) return std::move(*done);
  call.problem(done.error().status, done.error().detail);
  return {};
}

Outcome<authority::Change> outcome(Result<authority::Change> change) {
  if (change) return std::move(*change);
  const auto& [code, message, hint] = change.error();
  return std::unexpected(Refused{422, hint.empty() ? message : message + ": " + hint});
}

Outcome<authority::Change> not_found(std::string_view what) {
  return std::unexpected(Refused{404, "There is no such " + std::string(what) + "."});
}

base::Time seconds_of(authority::Instant now) {
  return std::chrono::floor<std::chrono::seconds>(now);
}

}  // namespace locksmith::server
