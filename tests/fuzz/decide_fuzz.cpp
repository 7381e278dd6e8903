// Requests made of hostile bytes against a small authority: nobody without a whole secret is
// proven or let in, nothing of what was sent as a key is told, and what is told is well-formed.
//   METHOD HOST TARGET CLIENT, then "Name: value" lines; "KEY" stands for a real key
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/problem.hpp"
#include "base/text.hpp"

namespace {

using namespace locksmith;
using namespace locksmith::authority;

constexpr std::string_view policy = R"(
[[placement]]
in = "header"
name = "Authorization"
scheme = "Bearer"
[[placement]]
in = "header"
name = "X-Api-Key"
[[placement]]
in = "query"
name = "api_key"
[[placement]]
in = "cookie"
name = "session"
[[placement]]
in = "basic-user"
[guessing]
rate = "3/minute"
[[api]]
name = "orders"
hosts = ["a.example.com", "*.b.example.com"]
environment = "live"
unlisted = "refuse"
[[api.endpoint]]
path = "/v1/{a}/b/**"
scopes = ["orders:read"]
[[api.endpoint]]
path = "/open"
open = true
)";

struct World {
  std::string secret = make_secret("lks_live_").reveal();
  Snapshot snapshot =
      Snapshot::make(*read_policy(policy, "fuzz"), {{.id = "acct_1"}},
                     {{.id = "key_1",
                       .account = "acct_1",
                       .environment = "live",
                       .digest = digest_of(secret),
                       .grant = {.scopes = {"orders:*"}, .endpoints = {"GET /v1/x/**"}}}})
          .value();
  Limits limits;
};

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view take(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

void check_texts(const Refusal& refusal, const World& world) {
  require(base::is_valid_utf8(refusal.body));
  std::string all = refusal.body;
  for (const auto& [name, value] : refusal.headers) {
    require(value.find_first_of("\r\n") == value.npos && value.find('\0') == value.npos);
    all += value;
  }
  require(all.find(world.secret.substr(12, 16)) == all.npos);
  require(refusal.status >= 400 && refusal.status < 500);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  bool held = false;
  for (std::size_t at = bytes.find("KEY"); at != bytes.npos; at = bytes.find("KEY", at + 1)) {
    bytes.replace(at, 3, world.secret);
    held = true;
  }
  std::string_view text = bytes;
  Request request;
  request.method = take(text, " ");
  request.host = take(text, " ");
  request.target = take(text, " ");
  request.client = parse_address(take(text, "\n")).value_or(Address{});
  std::vector<Field> fields;
  while (!text.empty()) {
    std::string_view line = take(text, "\n");
    const std::string_view name = take(line, ": ");
    fields.push_back({name, line});
  }
  request.headers = fields;
  const Decision decision = decide(world.snapshot, request, Instant{}, world.limits);
  require(held || !decision.proven);
  require(decision.proven == (decision.key != nullptr));
  const bool open = decision.endpoint && decision.endpoint->open;
  require(!decision.allowed() || decision.proven || open);
  (void)trace(world.snapshot, request, decision, Instant{});
  (void)single_change(world.snapshot, request, decision, Instant{});
  if (!decision.allowed())
    check_texts(refusal(world.snapshot, request, decision, "r", Instant{}), world);
  return 0;
}
