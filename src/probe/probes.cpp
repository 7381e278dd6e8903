// One small function per probe: the request, or why there is none.
#include "probe/probes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "credential/characters.hpp"
#include "probe/elsewhere.hpp"
#include "probe/rewrite.hpp"
#include "probe/variations.hpp"

namespace locksmith::probe {
namespace {

using credential::Credential;

constexpr std::unexpected<std::string_view> does_not_apply(std::string_view why) {
  return std::unexpected(why);
}
constexpr std::string_view no_key = "the request has no key";
constexpr std::string_view fixed_place = "the key cannot be taken out of its place";

Built built(std::optional<http::Request> request) {
  if (!request) return does_not_apply(fixed_place);
  return *std::move(request);
}

const catalogue::KeyKind* key_kind_of(const inspect::Case& failure, std::string_view key) {
  const catalogue::KeyKind* best = nullptr;
  if (!failure.provider) return best;
  for (const catalogue::KeyKind& kind : failure.provider->keys) {
    if (kind.prefix.empty() || !key.starts_with(kind.prefix)) continue;
    if (!best || kind.prefix.size() > best->prefix.size()) best = &kind;
  }
  return best;
}

// How much of a key says what it is rather than whose: the literal start of its kind, else up to
// the last '_' or '-' near its start (base64url has them everywhere).
std::size_t prefix_size(std::string_view key, const catalogue::KeyKind* kind) {
  if (kind) return kind->prefix.size();
  constexpr std::size_t longest_prefix = 16;
  const auto separator = key.substr(0, std::min(longest_prefix, key.size() / 2)).find_last_of("_-");
  return separator == std::string_view::npos ? 0 : separator + 1;
}

bool takes(const catalogue::Placement& placement, const catalogue::KeyKind* kind) {
  return placement.kinds.empty() || !kind ||
         std::ranges::find(placement.kinds, kind->kind) != placement.kinds.end();
}

bool sits_at(const Credential& credential, const catalogue::Placement& placement) {
  const bool same_scheme = placement.basic_part.empty() ? credential.scheme == placement.scheme
                                                        : credential.basic.has_value();
  return credential.place == placement.place &&
         base::equals_ignoring_case(credential.name, placement.name) && same_scheme;
}

// The provider's first placement for this kind of key.
const catalogue::Placement* expected_placement(const inspect::Case& failure) {
  if (!failure.provider || !failure.main) return nullptr;
  const auto* kind = key_kind_of(failure, failure.main->secret());
  const auto placements = failure.provider->placements;
  const auto hit = std::ranges::find_if(placements, [&](const auto& p) { return takes(p, kind); });
  return hit == placements.end() ? nullptr : &*hit;
}

std::optional<http::Request> without_all(http::Request request,
                                         const std::vector<Credential>& credentials) {
  std::optional<http::Request> bare = std::move(request);
  for (const Credential& credential : credentials) {
    if (bare) bare = without(*std::move(bare), credential);
  }
  return bare;
}

Built as_is(const Setting& s) { return harmless(s.failure.request, s.replay); }

Built no_credential(const Setting& s) {
  if (s.failure.credentials.empty()) return does_not_apply(no_key);
  return built(without_all(harmless(s.failure.request, s.replay), s.failure.credentials));
}

Built random_key(const Setting& s) {
  if (!s.failure.main || s.failure.main->secret().size() < 8)
    return does_not_apply("there is no key to imitate");
  const std::string& key = s.failure.main->secret();
  if (key.find_first_of(" ,=\"") != std::string::npos && !s.failure.main->basic) {
    return does_not_apply("a signature or a damaged key cannot be imitated");
  }
  if (key.starts_with("eyJ")) return does_not_apply("a random JWT would only fail its signature");
  const auto* kind = key_kind_of(s.failure, key);
  std::string random = random_like(key, prefix_size(key, kind), s.seed);
  if (kind && kind->checksum != credential::Checksum::none)
    random = credential::with_checksum(kind->checksum, std::move(random));
  if (random == key) return does_not_apply("there is no key to imitate");
  return built(with_secret(harmless(s.failure.request, s.replay), *s.failure.main, random));
}

Built cleaned(const Setting& s) {
  if (!s.failure.main) return does_not_apply(no_key);
  const std::string& key = s.failure.main->secret();
  const std::string clean = credential::clean(key);
  if (clean == key || clean.empty()) return does_not_apply("nothing sticks to the key");
  return built(with_secret(harmless(s.failure.request, s.replay), *s.failure.main, clean));
}

Built where_expected(const Setting& s) {
  const catalogue::Placement* expected = expected_placement(s.failure);
  if (!expected) return does_not_apply("it is not known where this API wants its key");
  const auto* kind = key_kind_of(s.failure, s.failure.main->secret());
  for (const catalogue::Placement& placement : s.failure.provider->placements) {
    if (takes(placement, kind) && sits_at(*s.failure.main, placement))
      return does_not_apply("the key is where it belongs");
  }
  auto bare = without(harmless(s.failure.request, s.replay), *s.failure.main);
  if (!bare) return does_not_apply(fixed_place);
  return built(with_placed(*std::move(bare), *expected, s.failure.main->secret()));
}

Built whoami(const Setting& s) {
  if (!s.failure.provider || s.failure.provider->whoami.url.empty()) {
    return does_not_apply("no request is known that every good key may make");
  }
  const catalogue::Placement* expected = expected_placement(s.failure);
  if (!expected) return does_not_apply(no_key);
  const catalogue::Whoami& known = s.failure.provider->whoami;
  const auto* kind = key_kind_of(s.failure, s.failure.main->secret());
  if (kind && !known.kinds.empty() &&
      std::ranges::find(known.kinds, kind->kind) == known.kinds.end())
    return does_not_apply("no request is known that every good key of this kind may make");
  http::Request request;
  if (!known.method.empty()) request.method = known.method;
  request.url = known.url.starts_with('/') ? s.failure.url.origin() : "";
  request.url += known.url;
  if (const auto* agent = s.failure.request.headers.find("User-Agent"))
    request.headers.add("User-Agent", *agent);
  for (const catalogue::Companion& companion : s.failure.provider->companions) {
    if (companion.place != credential::Place::header) continue;
    const auto* own = s.failure.request.headers.find(companion.name);
    if (own || !companion.example.empty()) {
      request.headers.set(companion.name, own ? *own : std::string(companion.example));
    }
  }
  // A pair is shown as it was: its other half is known here only.
  if (s.failure.main->basic && !expected->basic_part.empty() &&
      s.failure.main->place == credential::Place::header) {
    request.headers.set(s.failure.main->name, "Basic " + s.failure.main->value.reveal());
    return request;
  }
  return built(with_placed(std::move(request), *expected, s.failure.main->secret()));
}

template <int n>
constexpr Probe neighbour(std::string_view name) {
  return {name, "Is the key at home in another environment of this provider?", true,
          [](const Setting& s) { return at_neighbour(s, n); }};
}

constexpr std::array all_probes = {
    Probe{"as-is", "Does the same request still fail, from here and now?", true, as_is},
    Probe{"no-credential", "Does the server answer differently when there is no key at all?", false,
          no_credential},
    Probe{"cleaned", "Is the key accepted without what sticks to it?", true, cleaned},
    Probe{"where-expected", "Is the key accepted where this API documents its place?", true,
          where_expected},
    Probe{"random-key", "Does the server tell this key from a made-up one?", true, random_key},
    Probe{"whoami", "Is the key good for the request that every good key may make?", true, whoami},
    Probe{"no-proxy", "Is it accepted when it goes past the proxy?", true, past_proxy,
          choose_no_proxy},
    Probe{"one-credential", "Is it accepted with one credential only?", true, with_one_credential},
    Probe{"plain-user-agent", "Is it accepted from a client of another name?", true,
          as_plain_agent},
    Probe{"ipv4", "Is it accepted from this machine's IPv4 address?", true, over_ipv4, choose_ipv4},
    Probe{"ipv6", "Is it accepted from this machine's IPv6 address?", true, over_ipv6, choose_ipv6},
    Probe{"no-origin", "Is it accepted without the origin and referrer of a browser?", true,
          without_origin},
    Probe{"preflight", "Does the server let the browser ask first, which it does without the key?",
          false, preflight},
    Probe{"trailing-slash", "Does the path with the other ending lead elsewhere?", true,
          with_other_slash},
    Probe{"other-http-version", "Is it accepted over another version of HTTP?", true,
          over_other_version, choose_other_version},
    Probe{"other-header", "Is the key accepted in the other header that is customary?", true,
          in_other_header},
    Probe{"other-scheme", "Is the key accepted behind another scheme?", true, under_other_scheme},
    Probe{"simple-endpoint", "Is the key accepted one level up, where less can go wrong?", true,
          at_simpler_endpoint},
    Probe{"after-waiting", "Is it accepted after the time that the server asked for?", true,
          after_waiting, nullptr, as_long_as_asked},
    neighbour<0>("neighbour-host"),
    neighbour<1>("neighbour-host-2"),
    neighbour<2>("neighbour-host-3"),
    neighbour<3>("neighbour-host-4"),
    neighbour<4>("neighbour-host-5"),
};
static_assert(most_neighbours == 5);

}  // namespace

std::span<const Probe> probes() { return all_probes; }

std::string_view kind_of(std::string_view probe) {
  const auto dash = probe.rfind('-');
  const bool numbered = dash != std::string_view::npos && dash + 2 == probe.size() &&
                        probe[dash + 1] >= '0' && probe[dash + 1] <= '9';
  return numbered ? probe.substr(0, dash) : probe;
}

const Probe* find_probe(std::string_view name) {
  const auto hit = std::ranges::find(all_probes, name, &Probe::name);
  return hit == all_probes.end() ? nullptr : &*hit;
}

http::ClientOptions options_of(const Probe& probe, const Setting& setting) {
  http::ClientOptions options = setting.options;
  if (probe.change_way) probe.change_way(setting, options);
  return options;
}

http::Request harmless(const http::Request& request, bool replay) {
  http::Request copy = request;
  if (replay || copy.method == "GET" || copy.method == "HEAD" || copy.method == "OPTIONS")
    return copy;
  copy.method = "GET";
  copy.body.clear();
  for (const char* name :
       {"Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding"}) {
    copy.headers.remove(name);
  }
  return copy;
}

}  // namespace locksmith::probe
