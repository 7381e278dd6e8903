// POST /v1/leaks/github: keys that were found in public, as GitHub's secret scanning partner
// programme reports them (docs.github.com, "Secret scanning partner program"). A report is believed
// by its signature alone; each key in it is revoked with the address where it was found.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "authority/digest.hpp"
#include "authority/operations.hpp"
#include "authority/record.hpp"
#include "base/text.hpp"
#include "server/admin.hpp"
#include "server/faces.hpp"
#include "server/signature.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

constexpr std::size_t most_tokens = 1000;

bool is_believed(const Call& call) {
  const auto identifier = call.request.only("Github-Public-Key-Identifier");
  const auto signature = call.request.only("Github-Public-Key-Signature");
  for (const auto& reporter : call.service.settings().leak_reporters)
    if (!identifier.empty() && reporter.key_identifier == identifier)
      return is_signed_by(reporter.public_key, call.request.body, signature);
  return false;
}

// Whether the token was a key of ours; 503 when it was and could not be revoked.
Outcome<bool> revoke(Call& call, std::string_view token, const std::string& url) {
  const auto digest = authority::digest_of(token);
  const auto before = call.service.current();
  const auto* record = before.find(digest);
  if (!record) return false;
  if (record->state == authority::KeyState::leaked) return true;
  const auto done = call.service.change("github", "keys.leaked", [&](const auto& snapshot) {
    return outcome(authority::mark_leaked(snapshot, digest, url, seconds_of(call.now)));
  });
  if (!done) return std::unexpected(done.error());
  return true;
}

}  // namespace

void github_leaks(Call& call) {
  if (!is_believed(call))
    return call.problem(401,
                        "The report is not signed by a key that this authority is configured "
                        "with ([[leak_reporter]]).");
  boost::system::error_code error;
  const auto body =
      json::parse(json::string_view(call.request.body.data(), call.request.body.size()), error);
  if (error || !body.is_array() || body.get_array().size() > most_tokens)
    return call.problem(400, "The body is not a list of at most 1000 found keys.");
  json::array feedback;
  for (const auto& each : body.get_array()) {
    if (!each.is_object()) return call.problem(400, "The list holds what is no object.");
    const auto& found = each.get_object();
    const auto token = text_of(found, "token");
    if (token.empty()) return call.problem(400, "A found key lacks its \"token\".");
    const auto ours = revoke(call, token, base::printable(text_of(found, "url")));
    if (!ours) return call.problem(ours.error().status, ours.error().detail);
    // The hash, not the key: nobody needs to be sent it a second time.
    feedback.push_back(json::object{{"token_hash", base::hex(base::sha256(token))},
                                    {"token_type", text_of(found, "type")},
                                    {"label", *ours ? "true_positive" : "false_positive"}});
  }
  call.response.start(200);
  call.response.header("X-Request-Id", call.id);
  call.response.header("Cache-Control", "no-store");
  call.response.finish("application/json", json::serialize(feedback));
}

}  // namespace locksmith::server
