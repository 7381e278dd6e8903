#include "doctor/redirect.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "credential/credential.hpp"
#include "http/url.hpp"

namespace locksmith::doctor {
namespace {

// What may cross an origin. curl keeps all headers but Authorization and Cookie; a key in a header
// of another name would leak that way, so that here only these are kept.
constexpr std::array<std::string_view, 5> harmless_headers = {
    "accept", "accept-encoding", "accept-language", "content-type", "user-agent"};

http::Headers without_secrets(const http::Headers& headers) {
  http::Headers kept;
  for (const http::Header& header : headers) {
    if (std::ranges::find(harmless_headers, base::lower(header.name)) != harmless_headers.end()) {
      kept.push_back(header);
    }
  }
  return kept;
}

// RFC 9110 section 15.4: 303 always, and 301 and 302 by custom, turn a POST into a GET.
bool becomes_get(int status, std::string_view method) {
  if (method == "HEAD") return false;
  return status == 303 || ((status == 301 || status == 302) && method == "POST");
}

}  // namespace

bool is_redirect(const http::Response& response) {
  constexpr std::array statuses = {301, 302, 303, 307, 308};
  return std::ranges::find(statuses, response.status) != statuses.end() &&
         response.headers.has("location");
}

http::Request next_request(const http::Exchange& exchange) {
  http::Request request = exchange.request;
  const http::Url from = http::parse_url(request.url);
  request.url = http::resolve_reference(from, exchange.response.headers.get("location"));
  if (becomes_get(exchange.response.status, request.method)) {
    request.method = "GET";
    request.body.clear();
    for (const char* name : {"content-type", "content-length"}) request.headers.remove(name);
  }
  if (http::parse_url(request.url).origin() != from.origin()) {
    request.headers = without_secrets(request.headers);
    request.body.clear();  // a client secret may stand in it
  }
  return request;
}

bool url_holds_secret_of(const http::Request& next, const http::Request& original) {
  constexpr std::size_t shortest = 6;  // less occurs by chance
  for (const credential::Credential& credential : credential::find_credentials(original)) {
    const std::string& secret = credential.secret();
    if (secret.size() < shortest) continue;
    if (next.url.contains(secret) || base::percent_decode(next.url).contains(secret)) return true;
  }
  return false;
}

}  // namespace locksmith::doctor
