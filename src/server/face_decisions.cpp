// /v1/decisions: what was answered, to whom, and why.
#include <boost/json/value.hpp>

#include "base/time.hpp"
#include "server/admin.hpp"
#include "server/faces.hpp"
#include "server/replay.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

// A time in the query; false, and answered, when it is none.
bool read_time(Call& call, std::string_view name, std::int64_t& target) {
  const auto text = query_value(call, name);
  if (text.empty()) return true;
  const auto time = base::parse_rfc3339(text);
  if (!time) {
    call.problem(400, "\"" + std::string(name) + "\" is not a time such as 2026-12-31T00:00:00Z.");
    return false;
  }
  target = std::chrono::duration_cast<std::chrono::microseconds>(time->time_since_epoch()).count();
  return true;
}

}  // namespace

void list_decisions(Call& call) {
  const auto page = read_page(call, {"key", "account", "cause", "allowed", "from", "until"});
  if (!page) return;
  store::DecisionFilter filter;
  filter.key = query_value(call, "key");
  filter.account = query_value(call, "account");
  filter.cause = query_value(call, "cause");
  filter.before = page->after;
  filter.limit = page->limit;
  if (const auto allowed = query_value(call, "allowed"); allowed == "true" || allowed == "false") {
    filter.allowed = allowed == "true";
  } else if (!allowed.empty()) {
    return call.problem(400, "\"allowed\" is true or false.");
  }
  if (!read_time(call, "from", filter.from_us) || !read_time(call, "until", filter.until_us))
    return;
  call.service.recording().flush();
  const auto found = call.service.store().decisions(filter);
  if (!found) return call.problem(503, found.error().message);
  json::array items;
  for (const auto& record : *found) {
    auto item = to_json(record);
    item.erase("trace");
    items.push_back(std::move(item));
  }
  const bool full = found->size() == page->limit;
  send_page(call, std::move(items), full ? found->back().id : "");
}

void get_decision(Call& call) {
  call.service.recording().flush();
  const auto found = call.service.store().decision(call.parameters[0]);
  if (!found) return call.problem(503, found.error().message);
  if (!*found)
    return call.problem(404,
                        "There is no record of it. Refusals are kept for a time; allowed requests "
                        "only when that is switched on.");
  auto body = to_json(**found);
  body["now"] = replay(call.snapshot, **found, call.now);
  send_json(call, 200, body);
}

}  // namespace locksmith::server
