// The writer of HAR 1.2: every member that the specification requires, so that any viewer opens it.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "http/har.hpp"
#include "http/har_text.hpp"
#include "http/url.hpp"

namespace locksmith::http {
namespace {

namespace json = boost::json;

std::string readable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const base::CodePoint point = base::code_point_at(text, i);
    out += point.valid ? text.substr(i, point.size) : kReplacementCharacter;
    i += point.size;
  }
  return out;
}

void put(json::object& object, std::string_view name, std::string_view text) {
  if (base::is_valid_utf8(text)) {
    object[name] = text;
  } else {
    object[name] = readable(text);
    object[exact_name(name)] = base::base64_encode(text);
  }
}

void put_time(json::object& object, std::string_view name, const std::optional<base::Time>& time) {
  if (time) object[name] = base::format_rfc3339(*time);
}

json::object pair(std::string_view name, std::string_view value) {
  json::object object;
  put(object, "name", name);
  put(object, "value", value);
  return object;
}

json::array headers_of(const Headers& headers) {
  json::array list;
  for (const Header& header : headers) list.push_back(pair(header.name, header.value));
  return list;
}

// The pairs of Cookie headers; of Set-Cookie only the first pair, what follows are attributes.
json::array cookies_of(const Headers& headers, std::string_view header) {
  json::array list;
  for (std::string_view rest : headers.all(header)) {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view cookie = base::trim(rest.substr(0, end));
      const std::size_t equals = std::min(cookie.find('='), cookie.size());
      if (!cookie.empty()) {
        const auto value = equals < cookie.size() ? cookie.substr(equals + 1) : std::string_view();
        list.push_back(pair(cookie.substr(0, equals), value));
      }
      if (header == "Set-Cookie") break;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return list;
}

json::array query_of(std::string_view url) {
  json::array list;
  for (const QueryParameter& parameter : query_parameters(parse_url(url).query)) {
    list.push_back(pair(parameter.name, base::percent_decode(parameter.value, true)));
  }
  return list;
}

json::object request_of(const Request& request) {
  json::object object;
  put(object, "method", request.method);
  put(object, "url", request.url);
  put(object, "httpVersion", request.version);
  object["cookies"] = cookies_of(request.headers, "Cookie");
  object["headers"] = headers_of(request.headers);
  object["queryString"] = query_of(request.url);
  if (!request.body.empty()) {
    json::object& post = object["postData"].emplace_object();
    put(post, "mimeType", request.headers.get("Content-Type"));
    put(post, "text", request.body);
  }
  object["headersSize"] = -1;
  object["bodySize"] = request.body.size();
  return object;
}

json::object response_of(const Response& response) {
  json::object object;
  object["status"] = response.status;
  put(object, "statusText", response.reason);
  put(object, "httpVersion", response.version);
  object["cookies"] = cookies_of(response.headers, "Set-Cookie");
  object["headers"] = headers_of(response.headers);
  json::object& content = object["content"].emplace_object();
  content["size"] = response.body.size();
  put(content, "mimeType", response.headers.get("Content-Type"));
  if (base::is_valid_utf8(response.body)) {
    content["text"] = response.body;
  } else {
    content["text"] = base::base64_encode(response.body);
    content["encoding"] = "base64";
  }
  put(object, "redirectURL", response.headers.get("Location"));
  object["headersSize"] = -1;
  object["bodySize"] = -1;
  return object;
}

json::object entry_of(const Exchange& exchange) {
  json::object entry;
  entry["startedDateTime"] = base::format_rfc3339(exchange.time.value_or(base::Time()));
  entry["time"] = 0;
  entry["request"] = request_of(exchange.request);
  entry["response"] = response_of(exchange.response);
  entry["cache"].emplace_object();
  entry["timings"] = {{"send", 0}, {"wait", 0}, {"receive", 0}};
  if (!exchange.remote_address.empty()) put(entry, "serverIPAddress", exchange.remote_address);
  if (!exchange.tls_subject.empty() || !exchange.tls_issuer.empty()) {
    json::object& security = entry["_securityDetails"].emplace_object();
    put(security, "subjectName", exchange.tls_subject);
    put(security, "issuer", exchange.tls_issuer);
  }
  if (exchange.proxy_answered) entry["_proxy_answered"] = true;
  if (exchange.partial) entry["_partial"] = true;
  if (!exchange.time) entry["_time_unknown"] = true;
  return entry;
}

void put_variables(json::object& owner, const std::map<std::string, std::string>& variables) {
  if (variables.empty()) return;
  json::object texts, exact;
  for (const auto& [name, value] : variables) {
    const std::string key = readable(name);
    texts[key] = readable(value);
    if (!base::is_valid_utf8(value)) exact[key] = base::base64_encode(value);
  }
  owner["variables"] = std::move(texts);
  if (!exact.empty()) owner[exact_name("variables")] = std::move(exact);
}

json::object environment_of(const Environment& environment) {
  json::object object;
  put_variables(object, environment.variables);
  for (const EnvironmentFile& file : environment.files) {
    if (!object.contains("files")) object["files"].emplace_array();
    json::object item;
    put(item, "path", file.path);
    put(item, "content", file.content);
    put_time(item, "modified", file.modified);
    object["files"].get_array().push_back(std::move(item));
  }
  for (const EnvironmentProcess& process : environment.processes) {
    if (!object.contains("processes")) object["processes"].emplace_array();
    json::object item{{"pid", process.pid}};
    put(item, "command", process.command);
    put_time(item, "started", process.started);
    put_variables(item, process.variables);
    object["processes"].get_array().push_back(std::move(item));
  }
  if (environment.clock_offset_seconds) {
    object["clock_offset_seconds"] = *environment.clock_offset_seconds;
  }
  if (!environment.client.empty()) put(object, "client", environment.client);
  if (!environment.context.empty()) put(object, "context", environment.context);
  return object;
}

// One member per line: a person should be able to read and edit the file, and `git diff` to show
// it.
void print(const json::value& value, std::string& out, std::size_t indent) {
  const auto items = [&](const auto& list, char open, char close, auto&& print_item) {
    out += open;
    bool first = true;
    for (const auto& item : list) {
      out += first ? "\n" : ",\n";
      first = false;
      out.append(indent + 1, ' ');
      print_item(item);
    }
    if (!first) out.append("\n").append(indent, ' ');
    out += close;
  };
  if (value.is_object()) {
    items(value.get_object(), '{', '}', [&](const json::key_value_pair& member) {
      out.append(json::serialize(json::string_view(member.key()))).append(": ");
      print(member.value(), out, indent + 1);
    });
  } else if (value.is_array()) {
    items(value.get_array(), '[', ']',
          [&](const json::value& item) { print(item, out, indent + 1); });
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string write_har(const Bundle& bundle) {
  json::object log;
  log["version"] = "1.2";
  log["creator"] = {{"name", "locksmith"}, {"version", "1"}};
  json::array& entries = log["entries"].emplace_array();
  for (const Exchange& exchange : bundle.exchanges) entries.push_back(entry_of(exchange));
  // Only a choice that the reader would not make by itself has to be written down.
  if (bundle.failing < entries.size() && bundle.failing != failing_exchange(bundle.exchanges)) {
    entries[bundle.failing].get_object()["_failure"] = true;
  }
  if (json::object environment = environment_of(bundle.environment); !environment.empty()) {
    log["_environment"] = std::move(environment);
  }
  std::string out;
  print(json::object{{"log", std::move(log)}}, out, 0);
  return out += '\n';
}

}  // namespace locksmith::http
