// The reader of HAR 1.2. Every tool writes its own dialect, so a missing or odd member is never an
// error: only a file that cannot hold an exchange at all is refused.
//
// Boost.JSON's strings must be UTF-8, but a header or a body need not be: what is not valid UTF-8
// stands as base64 beside a readable form (see har_text.hpp).
#include "http/har.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "http/har_json.hpp"
#include "http/url.hpp"

namespace locksmith::http {
namespace {

constexpr std::size_t kMaxBytes = 100'000'000;
// Chrome nests the stack of a request's initiator 32 async parents deep, each two levels.
constexpr std::size_t kMaxDepth = 160;

// Chrome says "h2" and "http/2.0", Safari "HTTP/2", Firefox "HTTP/2" or "HTTP/2.0".
std::string version_at(const json::object& message) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames{{
      {"h2", "HTTP/2"},
      {"http/2.0", "HTTP/2"},
      {"http/2", "HTTP/2"},
      {"h3", "HTTP/3"},
      {"http/3", "HTTP/3"},
      {"http/3.0", "HTTP/3"},
      {"http/1.1", "HTTP/1.1"},
      {"http/1.0", "HTTP/1.0"},
      {"unknown", ""},
  }};
  std::string written = text_at(message, "httpVersion");
  for (const auto& [name, version] : kNames) {
    if (base::equals_ignoring_case(written, name)) return std::string(version);
  }
  return written;
}

Headers read_headers(const json::object& message) {
  Headers headers;
  const json::array& list = array_at(message, "headers");
  headers.reserve(list.size() + 1);
  for (const json::value& item : list) {
    if (!item.is_object()) continue;
    std::string name = text_at(item.get_object(), "name");
    // Browsers list HTTP/2's pseudo-header fields (RFC 9113 section 8.3), which are no header.
    if (name.empty() || name.front() == ':') continue;
    headers.push_back({std::move(name), text_at(item.get_object(), "value")});
  }
  return headers;
}

// "a=1; b=2" from HAR's list of cookies, for exports that left the header out.
std::vector<std::string> cookie_pairs(const json::object& message) {
  std::vector<std::string> pairs;
  for (const json::value& item : array_at(message, "cookies")) {
    if (!item.is_object()) continue;
    pairs.push_back(text_at(item.get_object(), "name") + "=" + text_at(item.get_object(), "value"));
  }
  return pairs;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

// The list's values are decoded by some tools and not by others; only what would end a query or a
// parameter is encoded.
std::string query_text(const json::array& parameters) {
  std::vector<std::string> pairs;
  for (const json::value& item : parameters) {
    if (!item.is_object()) continue;
    std::string pair;
    for (const std::string_view name : {"name", "value"}) {
      if (name == "value") pair += '=';
      for (const char c : text_at(item.get_object(), name)) {
        const bool plain = static_cast<unsigned char>(c) > ' ' && c != '&' && c != '#' && c != 0x7f;
        pair += plain ? std::string(1, c) : base::percent_encode(std::string_view(&c, 1));
      }
    }
    pairs.push_back(std::move(pair));
  }
  return joined(pairs, "&");
}

std::string url_with_query(std::string url, const json::array& parameters) {
  const std::size_t end = std::min(url.find('#'), url.size());
  if (parameters.empty() || url.find('?') < end) return url;
  return url.insert(end, "?" + query_text(parameters));
}

std::string without_white_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  return text;
}

// `text`, decoded when the member `encoding` says so (HAR 1.2, content) and it can be.
std::string body_at(const json::object& content) {
  std::string text = text_at(content, "text");
  if (text_at(content, "encoding") != "base64") return text;
  return base::base64_decode(without_white_space(text)).value_or(std::move(text));
}

Request read_request(const json::object& from) {
  Request request;
  if (std::string method = text_at(from, "method"); !method.empty()) {
    request.method = std::move(method);
  }
  request.url = url_with_query(text_at(from, "url"), array_at(from, "queryString"));
  request.version = version_at(from);
  request.headers = read_headers(from);
  if (!request.headers.has("Cookie")) {
    if (auto pairs = cookie_pairs(from); !pairs.empty()) {
      request.headers.add("Cookie", joined(pairs, "; "));
    }
  }
  const json::object& post = object_at(from, "postData");
  request.body = body_at(post);
  if (request.body.empty()) request.body = query_text(array_at(post, "params"));
  return request;
}

Response read_response_of(const json::object& from) {
  Response response;
  response.status = number_at<int>(from, "status").value_or(0);
  response.reason = text_at(from, "statusText");
  response.version = version_at(from);
  response.headers = read_headers(from);
  if (!response.headers.has("Set-Cookie")) {
    for (std::string& pair : cookie_pairs(from))
      response.headers.add("Set-Cookie", std::move(pair));
  }
  response.body = body_at(object_at(from, "content"));
  return response;
}

// Browsers drop bodies that were too large or already gone; then their absence is no evidence.
bool is_partial(const json::object& entry, const json::object& response, bool has_body) {
  if (flag_at(entry, "_partial")) return true;
  if (!response.contains("headers") || !response.contains("content")) return true;
  return !has_body && number_at<double>(object_at(response, "content"), "size").value_or(0) > 0;
}

Exchange read_exchange(const json::object& entry) {
  Exchange exchange;
  const json::object& response = object_at(entry, "response");
  exchange.request = read_request(object_at(entry, "request"));
  exchange.response = read_response_of(response);
  exchange.partial = is_partial(entry, response, !exchange.response.body.empty());
  if (!flag_at(entry, "_time_unknown")) {
    exchange.time = base::parse_rfc3339(text_at(entry, "startedDateTime"));
  }
  std::string address = text_at(entry, "serverIPAddress");
  if (address.starts_with('[') && address.ends_with(']')) {  // Chrome's way to write IPv6
    address = address.substr(1, address.size() - 2);
  }
  exchange.remote_address = std::move(address);
  // As Playwright writes it:
  // https://playwright.dev/docs/api/class-response#response-security-details
  const json::object& security = object_at(entry, "_securityDetails");
  exchange.tls_subject = text_at(security, "subjectName");
  exchange.tls_issuer = text_at(security, "issuer");
  exchange.proxy_answered = flag_at(entry, "_proxy_answered");
  return exchange;
}

std::map<std::string, std::string> read_variables(const json::object& owner) {
  std::map<std::string, std::string> variables;
  const json::object& exact = object_at(owner, exact_name("variables"));
  for (const auto& [name, value] : object_at(owner, "variables")) {
    const std::string_view key(name.data(), name.size());
    variables.insert_or_assign(std::string(key), text_of(value));
    if (const json::value* bytes = exact.if_contains(key); bytes && bytes->is_string()) {
      if (auto decoded = base::base64_decode(view(bytes->get_string()))) {
        variables[std::string(key)] = *std::move(decoded);
      }
    }
  }
  return variables;
}

Environment read_environment(const json::object& from) {
  Environment environment;
  environment.variables = read_variables(from);
  for (const json::value& item : array_at(from, "files")) {
    if (!item.is_object()) continue;
    const json::object& file = item.get_object();
    environment.files.push_back({text_at(file, "path"), text_at(file, "content"),
                                 base::parse_rfc3339(text_at(file, "modified"))});
  }
  for (const json::value& item : array_at(from, "processes")) {
    if (!item.is_object()) continue;
    const json::object& process = item.get_object();
    environment.processes.push_back(
        {number_at<long>(process, "pid").value_or(0), text_at(process, "command"),
         base::parse_rfc3339(text_at(process, "started")), read_variables(process)});
  }
  environment.clock_offset_seconds = number_at<double>(from, "clock_offset_seconds");
  environment.client = text_at(from, "client");
  environment.context = text_at(from, "context");
  return environment;
}

constexpr std::string_view kHint =
    "Locksmith reads HAR 1.2 files: in a browser's network panel, choose \"Save all as HAR\"";

Result<json::value> parse(std::string_view text, json::storage_ptr storage) {
  if (text.size() > kMaxBytes) {
    return fail(ErrorCode::unreadable,
                fmt::format("the file is {} MB; at most {} MB are read", text.size() / 1'000'000,
                            kMaxBytes / 1'000'000),
                "save only the failing request");
  }
  std::size_t skipped = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(skipped = 3);
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_invalid_utf8 = true;
  std::array<unsigned char, 4096> scratch;
  json::parser parser({}, options, scratch.data(), scratch.size());
  parser.reset(std::move(storage));
  json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (error == json::error::too_deep) {
    return fail(
        ErrorCode::unreadable,
        fmt::format("the JSON is nested more than {} deep, at byte {}", kMaxDepth, skipped + read),
        std::string(kHint));
  }
  if (base::trim(text).empty()) {
    return fail(ErrorCode::unreadable, "the file is empty", std::string(kHint));
  }
  if (error == json::error::incomplete) {
    return fail(
        ErrorCode::unreadable,
        fmt::format("the file is cut off: its JSON does not end by byte {}", skipped + text.size()),
        "save or copy it again");
  }
  if (error || !base::trim(text.substr(read)).empty()) {
    return fail(ErrorCode::unreadable,
                fmt::format("not JSON: it breaks off at byte {} of {}", skipped + read,
                            skipped + text.size()),
                std::string(kHint));
  }
  return parser.release();
}

Result<std::size_t> choose(const Bundle& bundle, const json::array& entries,
                           std::optional<std::size_t> entry) {
  if (entry && (*entry == 0 || *entry > entries.size())) {
    return fail(ErrorCode::unreadable,
                fmt::format("there is no entry {}: the file has {}", *entry,
                            base::count_of(entries.size(), "entry", "entries")),
                "entries count from 1");
  }
  if (entry) return *entry - 1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].is_object() && flag_at(entries[i].get_object(), "_failure")) return i;
  }
  return failing_exchange(bundle.exchanges);
}

}  // namespace

Result<Bundle> read_har(std::string_view text, std::optional<std::size_t> entry) {
  // A bundle of a few kilobytes becomes a tree on the stack.
  std::array<unsigned char, 24 * 1024> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const Result<json::value> root = parse(text, &memory);
  if (!root) return std::unexpected(root.error());
  const json::value* log = root->is_object() ? root->get_object().if_contains("log") : nullptr;
  const json::value* entries =
      log && log->is_object() ? log->get_object().if_contains("entries") : nullptr;
  if (!entries || !entries->is_array()) {
    return fail(ErrorCode::unreadable, "it is JSON, but no HAR: there is no log.entries",
                std::string(kHint));
  }
  if (entries->get_array().empty()) {
    return fail(ErrorCode::unreadable, "the HAR has no entries",
                "record the failing request, then save again");
  }
  Bundle bundle;
  bundle.exchanges.reserve(entries->get_array().size());
  for (const json::value& item : entries->get_array()) {
    static const json::object nothing;
    bundle.exchanges.push_back(read_exchange(item.is_object() ? item.get_object() : nothing));
  }
  const Result<std::size_t> failing = choose(bundle, entries->get_array(), entry);
  if (!failing) return std::unexpected(failing.error());
  bundle.failing = *failing;
  bundle.environment = read_environment(object_at(log->get_object(), "_environment"));
  return bundle;
}

}  // namespace locksmith::http
