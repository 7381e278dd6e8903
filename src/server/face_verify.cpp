// POST /v1/verify: an API asks about a key that it was sent. Always 200: what the API should answer
// its own client stands in the body.
#include <algorithm>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "authority/compiled.hpp"
#include "authority/record.hpp"
#include "base/time.hpp"
#include "server/faces.hpp"
#include "server/forwarded.hpp"
#include "server/json_model.hpp"
#include "server/recording.hpp"
#include "server/refusal.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

constexpr std::size_t most_scopes = 64;

struct Asked {
  authority::Request request;
  std::vector<Field> headers;
  std::vector<std::string_view> scopes;
  std::string_view ip;
  std::string fault;
};

std::string_view text(const json::value& value, std::string_view name, Asked& asked) {
  if (value.is_string()) return value.get_string();
  if (!value.is_null()) asked.fault = "\"" + std::string(name) + "\" is not a text";
  return {};
}

void read_scopes(const json::value& value, Asked& asked) {
  if (value.is_null()) return;
  if (!value.is_array() || value.get_array().size() > most_scopes) {
    asked.fault = "\"scopes\" is not a list of at most 64 texts";
    return;
  }
  for (const auto& each : value.get_array()) asked.scopes.push_back(text(each, "scopes", asked));
}

// Views into `object`.
Asked read(const json::object& object) {
  Asked asked;
  auto& request = asked.request;
  request.key = std::string_view{};
  for (const auto& [field, value] : object) {
    const std::string_view name = field;
    if (name == "key") {
      request.key = text(value, name, asked);
    } else if (name == "method") {
      request.method = text(value, name, asked);
    } else if (name == "path") {
      request.target = text(value, name, asked);
    } else if (name == "host") {
      request.host = text(value, name, asked);
    } else if (name == "api") {
      request.api = text(value, name, asked);
    } else if (name == "ip") {
      asked.ip = text(value, name, asked);
    } else if (name == "origin") {
      if (const auto origin = text(value, name, asked); !origin.empty())
        asked.headers.push_back({"Origin", origin});
    } else if (name == "scopes") {
      read_scopes(value, asked);
    } else {
      // Its name is not shown: it may be a key in the wrong place.
      asked.fault =
          "there is a field that is not known; known are key, method, path, host, api, ip, origin, "
          "scopes";
    }
  }
  if (!request.method.empty() && !request.target.starts_with('/'))
    asked.fault = "\"method\" comes with a \"path\" that begins with a slash";
  return asked;
}

// Whose address counts: what a declared caller says, else the caller itself.
bool set_client(const Call& call, Asked& asked) {
  const auto& proxies = call.snapshot.policy().trusted_proxies;
  asked.request.secure = true;  // how the key reached the API is the API's to judge
  if (asked.ip.empty()) {
    asked.request.client = call.request.peer;
    return true;
  }
  const auto address = authority::parse_address(asked.ip);
  if (!address) {
    asked.fault = "\"ip\" is not an address";
    return true;
  }
  asked.request.client = *address;
  return is_trusted(call.request, proxies);
}

void put_key(const Call& call, const authority::Decision& decision, json::object& out) {
  if (!decision.key) return;
  const auto& record = *decision.key;
  const auto texts = call.snapshot.texts(record);
  json::array scopes(out.storage());
  for (const auto& scope : record.grant->grant.scopes) scopes.emplace_back(scope);
  json::object key({{"id", texts.id},
                    {"account", call.snapshot.account_of(record).account->id},
                    {"name", texts.name},
                    {"scopes", std::move(scopes)}},
                   out.storage());
  if (record.expires != authority::KeyRecord::never)
    key["expires"] = base::format_rfc3339(base::Time(std::chrono::seconds(record.expires)));
  out["key"] = std::move(key);
}

void put_limits(const authority::Decision& decision, json::object& out) {
  if (decision.rate.limited) out["ratelimit"] = to_json(decision.rate);
  if (decision.quota.limited) out["quota"] = to_json(decision.quota);
}

json::object headers_of(const std::vector<std::pair<std::string, std::string>>& headers) {
  json::object out;
  for (const auto& [name, value] : headers) out[name] = value;
  return out;
}

// The causes of the checks that failed beside the first; the holder's alone to know.
json::array also(const authority::Decision& decision) {
  json::array out;
  if (!decision.proven) return out;
  for (std::size_t i = 0; i < authority::check_count; ++i)
    if (decision.failed[i] && static_cast<authority::Check>(i) != decision.failed_first)
      out.emplace_back(authority::slug(decision.causes[i]));
  return out;
}

void put_refusal(const Call& call, const Asked& asked, const authority::Decision& decision,
                 json::object& out) {
  const auto refusal = refusal_for(call, asked.request, decision);
  out["cause"] = authority::slug(decision.cause);
  out["status"] = refusal.status;
  out["detail"] = refusal.detail;
  out["headers"] = headers_of(refusal.headers);
  out["also"] = also(decision);
  boost::system::error_code error;
  out["problem"] = json::parse(refusal.body, error);
}

}  // namespace

void verify(Call& call) {
  unsigned char space[4096];
  json::monotonic_resource memory(space, sizeof space);
  boost::system::error_code error;
  const auto body = json::parse(
      json::string_view(call.request.body.data(), call.request.body.size()), error, &memory);
  if (error || !body.is_object()) return call.problem(400, "The body is not a JSON object.");
  auto asked = read(body.get_object());
  if (!set_client(call, asked))
    return call.problem(403,
                        "\"ip\" counts only from a caller that is declared in trusted_proxies of "
                        "the policy, or over the unix socket.");
  if (!asked.fault.empty()) return call.problem(400, asked.fault);
  asked.request.headers = asked.headers;
  asked.request.scopes = asked.scopes;

  const auto decision = call.service.decide(call.snapshot, asked.request, call.now, Face::verify);
  remember(call, asked.request, decision, Face::verify);
  json::object out({{"allowed", decision.allowed()}, {"request_id", call.id}}, &memory);
  if (decision.allowed()) {
    out["status"] = 200;
    out["headers"] = headers_of(authority::allowed_headers(call.snapshot, decision, call.now));
  } else {
    put_refusal(call, asked, decision, out);
  }
  put_key(call, decision, out);
  put_limits(decision, out);
  call.response.start(200);
  call.response.header("X-Request-Id", call.id);
  call.response.header("Cache-Control", "no-store");
  call.response.finish("application/json", json::serialize(out));
}

}  // namespace locksmith::server
