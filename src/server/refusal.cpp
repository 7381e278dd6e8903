// The packed form is base64 of: status, line feed, "Name: value" lines, empty line, body.
#include "server/refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t most_packed = 16 << 10;
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
    text = without_keys(text, call.snapshot.policy(), decision.presented.key);
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

std::string pack(const authority::Refusal& refusal, std::string_view request_id) {
  std::string text =
      std::to_string(refusal.status) + "\nX-Request-Id: " + std::string(request_id) + "\n";
  for (const auto& [name, value] : refusal.headers)
    if (is_relayed(name)) text += name + ": " + value + "\n";
  return base::base64_encode(text + "\n" + refusal.body);
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
