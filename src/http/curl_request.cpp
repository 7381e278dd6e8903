// Builds the request from what the options gathered. Order and precedence of the headers are those
// of curl's lib/http.c (7.88.1): Authorization, Range, User-Agent, Referer, Cookie, then -H, then
// what the body wants.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/curl_reader.hpp"
#include "http/url.hpp"

namespace locksmith::http {
namespace {

struct HeaderLine {
  std::string name;
  std::string value;
  bool sent = true;  // false: the line only removes curl's own header of that name
};

// curl(1) -H: "Name: value", "Name:" removes, "Name;" sends it empty. Anything else is not sent.
std::optional<HeaderLine> parse_header_line(std::string_view line) {
  if (const auto semicolon = line.find(';');
      semicolon != std::string_view::npos && semicolon + 1 == line.size() && !line.contains(':')) {
    return HeaderLine{std::string(line.substr(0, semicolon)), "", true};
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view value = line.substr(colon + 1);
  if (base::trim(value).empty()) return HeaderLine{std::string(line.substr(0, colon)), "", false};
  if (value.starts_with(' ')) value.remove_prefix(1);
  return HeaderLine{std::string(line.substr(0, colon)), std::string(value), true};
}

std::vector<HeaderLine> custom_headers(CurlState& state) {
  std::vector<HeaderLine> headers;
  for (const std::string& line : state.header_lines) {
    if (auto header = parse_header_line(line)) {
      if (!header->sent) state.command.options.removed_headers.push_back(header->name);
      headers.push_back(std::move(*header));
    } else {
      state.note(Note::Kind::no_colon, "a header without a colon is not sent by curl");
    }
  }
  return headers;
}

bool names(const std::vector<HeaderLine>& headers, std::string_view name) {
  return std::ranges::any_of(
      headers, [&](const HeaderLine& h) { return base::equals_ignoring_case(h.name, name); });
}

std::string authorization(CurlState& state) {
  const ClientOptions& options = state.command.options;
  if (state.bearer) return "Bearer " + *state.bearer;
  // Digest, NTLM and Negotiate answer a challenge; a signature needs the moment of sending.
  if (options.user.empty() || !options.authentication.empty() || !options.aws_sigv4.empty())
    return {};
  const bool complete = options.user.contains(':');
  if (!complete) {
    state.note(Note::Kind::missing_password,
               "-u without a colon: curl asks for the password; an empty one is assumed");
  }
  return "Basic " + base::base64_encode(options.user + (complete ? "" : ":"));
}

// What curl adds on its own account, unless -H names it.
Headers own_headers(CurlState& state, const std::vector<HeaderLine>& custom) {
  Headers headers;
  const auto add = [&](std::string_view name, std::string value) {
    if (!value.empty() && !names(custom, name)) headers.add(std::string(name), std::move(value));
  };
  add("Authorization", authorization(state));
  if (state.range) add("Range", "bytes=" + *state.range);
  if (state.user_agent) {
    if (state.user_agent->empty()) state.command.options.removed_headers.emplace_back("User-Agent");
    add("User-Agent", *state.user_agent);
  }
  if (state.referer) add("Referer", state.referer->substr(0, state.referer->find(";auto")));
  add("Cookie", state.cookies);
  return headers;
}

struct Body {
  std::string method = "GET";
  std::string content;
  std::string type;
};

Body body_of(CurlState& state) {
  if (state.upload && !state.upload->empty()) return {"PUT", state.content_of(*state.upload), ""};
  if (!state.form.empty()) {
    return {"POST", state.form + form_end(),
            "multipart/form-data; boundary=" + std::string(form_boundary)};
  }
  if (!state.data || state.get) return {state.head ? "HEAD" : "GET", "", ""};
  return {"POST", *state.data, "application/x-www-form-urlencoded"};
}

void append_query(Url& url, std::string_view more) {
  if (more.empty()) return;
  if (!url.query.empty() && !url.query.ends_with('&')) url.query += '&';
  url.query += more;
}

std::string build_url(const CurlState& state) {
  Url url;
  std::string text = state.urls.front();
  if (!text.contains("://")) text = state.default_scheme + "://" + text;
  const bool uploads = state.upload && !state.upload->empty() && *state.upload != "-";
  const bool changes =
      state.url_query || (state.get && state.data) || state.request_target || uploads;
  if (!changes) return text;
  url = parse_url(text);
  // curl(1) -T: a URL that ends in a slash gets the file's name.
  if (uploads && url.query.empty() && url.path.ends_with('/')) {
    url.path += base::percent_encode(state.upload->substr(state.upload->find_last_of('/') + 1));
  }
  if (state.get && state.data) {
    append_query(url, *state.data);  // curl lets -G win over --url-query
  } else if (state.url_query) {
    append_query(url, *state.url_query);
  }
  if (state.request_target && state.request_target->starts_with('/')) {
    const auto mark = state.request_target->find('?');
    url.path = state.request_target->substr(0, mark);
    url.query = mark == std::string::npos ? "" : state.request_target->substr(mark + 1);
  }
  return to_string(url);
}

// curl: "You can only select one HTTP request method!"
void note_conflict(CurlState& state) {
  const bool posts = state.data && !state.get;
  const bool uploads = state.upload && !state.upload->empty();
  const bool heads = state.head && !state.get;
  if (int{heads} + int{posts} + int{!state.form.empty()} + int{uploads} > 1) {
    state.note(Note::Kind::refused_by_curl,
               "curl takes only one of -I, -d, -F and -T, and sends nothing");
  }
}

}  // namespace

Request build_request(CurlState& state) {
  note_conflict(state);
  std::vector<HeaderLine> custom = custom_headers(state);
  Body body = body_of(state);
  if (state.json) {
    for (const std::string_view name : {"Content-Type", "Accept"}) {
      if (!names(custom, name)) custom.push_back({std::string(name), "application/json", true});
    }
  }
  Request request;
  request.url = build_url(state);
  request.method = state.method.empty() ? body.method : state.method;
  request.headers = own_headers(state, custom);
  const bool type_given = state.form.empty() && names(custom, "Content-Type");
  for (HeaderLine& header : custom) {
    const bool is_type = base::equals_ignoring_case(header.name, "Content-Type");
    if (!state.form.empty() && is_type) {  // curl keeps the type and adds the boundary
      if (header.sent) body.type = header.value + "; boundary=" + std::string(form_boundary);
    } else if (header.sent) {
      request.headers.add(std::move(header.name), std::move(header.value));
    }
  }
  if (!body.type.empty() && !type_given) request.headers.add("Content-Type", body.type);
  request.body = std::move(body.content);
  return request;
}

}  // namespace locksmith::http
