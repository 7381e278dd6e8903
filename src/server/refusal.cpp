// The packed form is base64 of: status, line feed, "Name: value" lines, empty line, body.
#include "server/refusal.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/text.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t most_packed = 16 << 10;
constexpr std::size_t most_told = 3000;  // of a whole refusal, in bytes
constexpr std::size_t longest_text = 300;
constexpr std::array<std::string_view, 7> relayed_headers{
    "WWW-Authenticate", "Retry-After", "RateLimit",   "RateLimit-Policy",
    "Cache-Control",    "Link",        "X-Request-Id"};

bool is_relayed(std::string_view name) {
  return std::any_of(relayed_headers.begin(), relayed_headers.end(),
                     [&](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  return line;
}

void shorten(std::string& text) {
  if (text.size() <= longest_text) return;
  auto end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  text += "…";
}

// A reason of thousands of characters does not fit into a header field: what is long is cut.
authority::Refusal shortened(authority::Refusal refusal) {
  boost::system::error_code error;
  auto body = boost::json::parse(refusal.body, error);
  if (!error && body.is_object()) {
    body.get_object().erase("also");
    for (auto& [name, value] : body.get_object()) {
      if (!value.is_string()) continue;
      std::string text(value.get_string());
      shorten(text);
      value = text;
    }
    refusal.body = boost::json::serialize(body);
  }
  for (auto& [name, value] : refusal.headers)
    value = value.substr(0, value.find(", error_description="));
  return refusal;
}

}  // namespace

void send(Call& call, const authority::Refusal& refusal) {
  auto& response = call.response;
  response.start(refusal.status);
  bool cached = false, named = false;
  for (const auto& [name, value] : refusal.headers) {
    if (base::equals_ignoring_case(name, "Content-Type")) continue;
    cached = cached || base::equals_ignoring_case(name, "Cache-Control");
    named = named || base::equals_ignoring_case(name, "X-Request-Id");
    response.header(name, value);
  }
  if (!named) response.header("X-Request-Id", call.id);
  if (!cached) response.header("Cache-Control", "no-store");
  response.finish("application/problem+json", refusal.body);
}

authority::Refusal refusal_for(const Call& call, const authority::Request& request,
                               const authority::Decision& decision) {
  auto refusal = authority::refusal(call.snapshot, request, decision, call.id, call.now);
  const auto clean = [&](std::string& text) {
    remove_keys(text, call.snapshot.policy(), decision.presented.key);
  };
  clean(refusal.body);
  clean(refusal.detail);
  for (auto& [name, value] : refusal.headers) clean(value);
  return refusal;
}

void send_refusal(Call& call, const authority::Request& request,
                  const authority::Decision& decision) {
  send(call, refusal_for(call, request, decision));
}

std::string pack(const authority::Refusal& whole, std::string_view request_id) {
  const auto size = whole.body.size() * 3 / 2;  // the header fields repeat some of it
  const auto shorter = size > most_told ? std::optional(shortened(whole)) : std::nullopt;
  const auto& refusal = shorter ? *shorter : whole;
  std::string text;
  text.reserve(refusal.body.size() + 500);
  text += std::to_string(refusal.status);
  (text += "\nX-Request-Id: ") += request_id;
  for (const auto& [name, value] : refusal.headers)
    if (is_relayed(name)) (((text += '\n') += name) += ": ") += value;
  return base::base64_encode((text += "\n\n") += refusal.body);
}

std::optional<authority::Refusal> unpack(std::string_view packed) {
  if (packed.size() > most_packed) return {};
  const auto decoded = base::base64_decode(packed);
  if (!decoded) return {};
  std::string_view text = *decoded;
  authority::Refusal refusal;
  const auto status = take_line(text);
  const auto [end, error] =
      std::from_chars(status.data(), status.data() + status.size(), refusal.status);
  if (error != std::errc{} || end != status.data() + status.size() || refusal.status < 400 ||
      refusal.status > 499)
    return {};
  for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
    const auto colon = line.find(": ");
    if (colon == line.npos || !is_relayed(line.substr(0, colon))) return {};
    refusal.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  refusal.body = text;
  return refusal;
}

}  // namespace locksmith::server
