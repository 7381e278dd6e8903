// AWS Signature Version 4: scope, time window, session token.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
#include "credential/sigv4.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "credential/characters.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

using credential::SigV4;

// AWS accepts a signature whose time is within 15 minutes of its own clock (page above).
constexpr std::chrono::minutes window{15};

void judge_time(const Case& c, const SigV4& sig, diagnosis::Findings& findings) {
  if (!c.now || !sig.date) return;
  const auto say = [&](std::string_view id, std::string text,
                       std::vector<catalogue::Weight> weights) {
    findings.push_back({.id = std::string(id),
                        .place = "X-Amz-Date",
                        .text = std::move(text),
                        .weights = std::move(weights)});
  };
  const auto age = *c.now - *sig.date;
  if (sig.presigned) {
    if (sig.valid_for && age > *sig.valid_for) {
      say("sigv4.presigned-expired",
          fmt::format("The presigned URL was valid for {}; it expired {} before the request.",
                      base::format_duration(*sig.valid_for),
                      base::format_duration(age - *sig.valid_for)),
          {{"expired", 32}, {"clock-skew", 8}});
    }
    return;
  }
  if (abs(age) > window) {
    // Half a day or more is a stale or replayed signature; less is a clock or a time zone.
    say("sigv4.outside-window",
        fmt::format("The signature's time is {} {} the server's; 15 minutes are allowed.",
                    base::format_duration(age), age.count() > 0 ? "behind" : "ahead of"),
        {{"clock-skew", 30}, {"expired", 12}});
  } else {
    say("sigv4.within-window", "The signature's time agrees with the server's.",
        {{"clock-skew", -20}});
  }
}

// The region in an AWS host name, e.g. s3.eu-west-1.amazonaws.com; empty when it names none.
std::string_view region_of_host(std::string_view host) {
  if (!host.ends_with(".amazonaws.com") && !host.ends_with(".amazonaws.com.cn")) return {};
  for (std::size_t start = 0; start < host.size();) {
    const std::size_t end = std::min(host.find('.', start), host.size());
    std::string_view label = host.substr(start, end - start);
    if (label.starts_with("s3-")) label.remove_prefix(3);
    const bool digit_at_end = !label.empty() && label.back() >= '0' && label.back() <= '9';
    if (digit_at_end && std::ranges::count(label, '-') >= 2 && label.find('-') == 2) return label;
    start = end + 1;
  }
  return {};
}

// The access key id stands in clear in the credential scope, and can be judged.
void judge_key_id(const SigV4& sig, diagnosis::Findings& findings) {
  const auto say = [&](std::string_view id, std::string text,
                       std::vector<catalogue::Weight> weights) {
    findings.push_back({.id = std::string(id),
                        .place = "credential scope, access key id",
                        .text = std::move(text),
                        .weights = std::move(weights)});
  };
  for (const auto& defect : credential::find_defects(sig.access_key_id)) {
    if (defect.defect == credential::Defect::white_space)
      say("sigv4.white-space", fmt::format("The access key id has {}.", defect.what),
          {{"whitespace", 30}, {"malformed", 10}});
    if (defect.defect == credential::Defect::quote)
      say("sigv4.quote", fmt::format("The access key id was sent with {}.", defect.what),
          {{"quoted", 30}});
    if (defect.defect == credential::Defect::invisible)
      say("sigv4.invisible", fmt::format("The access key id has {}.", defect.what),
          {{"invisible-character", 30}});
  }
  // Ids have 16 to 32 characters (AWS: 20; R2: 32); secrets have 40 or 64.
  constexpr std::size_t shortest_secret = 40;
  if (sig.access_key_id.size() >= shortest_secret) {
    say("sigv4.secret-as-id",
        fmt::format("What stands as the access key id has {} characters, as secret keys have: the "
                    "two may be swapped.",
                    sig.access_key_id.size()),
        {{"wrong-credential-type", 22}, {"malformed", 6}});
  }
}

}  // namespace

void inspect_sigv4(const Case& c, diagnosis::Findings& findings) {
  const auto sig = credential::read_sigv4(c.request);
  if (!sig) return;
  judge_time(c, *sig, findings);
  judge_key_id(*sig, findings);
  // ASIA… are temporary and come with a session token, AKIA… are not and have none:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
  if (sig->access_key_id.starts_with("ASIA") && !sig->has_session_token) {
    findings.push_back(
        {.id = "sigv4.no-session-token",
         .place = "X-Amz-Security-Token",
         .text = "The access key is temporary (ASIA…), but its session token was not sent.",
         .weights = {{"incomplete-credential", 34}},
         .fix = {
             "export AWS_SESSION_TOKEN=…   # the third value that came with the temporary key"}});
  } else if (sig->access_key_id.starts_with("AKIA") && sig->has_session_token) {
    findings.push_back({.id = "sigv4.foreign-session-token",
                        .place = "X-Amz-Security-Token",
                        .text = "The access key is a long-term one (AKIA…), but a session token "
                                "was sent with it: a left-over of another login.",
                        .weights = {{"incomplete-credential", 22}, {"conflicting-credentials", 24}},
                        .fix = {"unset AWS_SESSION_TOKEN"}});
  }
  const std::string_view region = region_of_host(c.url.host);
  if (!region.empty() && !sig->region.empty() && region != sig->region) {
    findings.push_back({.id = "sigv4.region",
                        .place = "credential scope",
                        .text = fmt::format("It was signed for the region {}, the host is in {}.",
                                            sig->region, region),
                        .weights = {{"wrong-environment", 26}, {"bad-signature", 8}}});
  }
  if (!sig->signed_headers.empty() &&
      std::ranges::find(sig->signed_headers, "host") == sig->signed_headers.end()) {
    findings.push_back(
        {.id = "sigv4.host-not-signed",
         .place = "SignedHeaders",
         .text = "The Host header is not among the signed headers, as SigV4 requires.",
         .weights = {{"bad-signature", 20}}});
  }
}

}  // namespace locksmith::inspect
