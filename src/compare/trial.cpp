// Which mixtures may be sent at all, and the sending of one.
#include "compare/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.hpp"
#include "doctor/doctor.hpp"
#include "probe/safety.hpp"

namespace locksmith::compare {
namespace {

using What = Facet::What;
using Extent = Licence::Extent;
using Meaning = Reply::Meaning;

// RFC 9110 section 9.2.1
constexpr std::array<std::string_view, 3> safe_methods{"GET", "HEAD", "OPTIONS"};
// Frameworks that take one method for another: Rails and Laravel (_method), ASP.NET, Google APIs.
constexpr std::array<std::string_view, 3> overrides{"X-HTTP-Method-Override", "X-HTTP-Method",
                                                    "X-Method-Override"};

// What a request does, as against who asks for it.
bool is_of_target(const Facet& facet) {
  switch (facet.what) {
    case What::method:
    case What::scheme:
    case What::host:
    case What::port:
    case What::path:
    case What::parameter:
    case What::body:
    case What::way:
      return true;
    case What::header:
      return base::equals_ignoring_case(facet.name, "Content-Type") ||
             base::equals_ignoring_case(facet.name, "Host") ||
             std::ranges::any_of(overrides,
                                 [&](auto n) { return base::equals_ignoring_case(n, facet.name); });
    default:
      return false;
  }
}

bool same_way(const http::ClientOptions& a, const http::ClientOptions& b) {
  return a.proxy == b.proxy && a.proxy_user == b.proxy_user && a.noproxy == b.noproxy &&
         a.resolve == b.resolve && a.connect_to == b.connect_to && a.unix_socket == b.unix_socket;
}

// TLS tells both ends apart from whoever stands between: only then may a key take the other's way.
bool is_guarded(const Draft& draft) {
  return draft.url.scheme == "https" && !draft.options.insecure;
}

std::string_view name_of(Meaning meaning) {
  return meaning == Meaning::works ? "works" : meaning == Meaning::refused ? "refused" : "useless";
}

Licence no_mixing(Extent extent, std::string reason) { return {extent, std::move(reason), {}}; }

}  // namespace

bool is_harmless(const Draft& draft) {
  if (std::ranges::find(safe_methods, draft.method) == safe_methods.end()) return false;
  const bool overridden =
      std::ranges::any_of(overrides, [&](auto name) { return draft.headers.has(name); });
  return !overridden && std::ranges::none_of(draft.parameters, [](const std::string& p) {
    return parameter_name(p) == "_method";
  });
}

std::vector<Unit> units_of(const Draft& good, const Draft& bad, const Differences& differences) {
  const bool harmless = is_harmless(good) && is_harmless(bad);
  std::vector<Unit> units;
  std::optional<std::size_t> target;  // the one unit of all that says what is done
  for (std::size_t i = 0; i < differences.all.size(); ++i) {
    const Difference& d = differences.all[i];
    const bool of_target = !harmless && std::ranges::any_of(d.facets, is_of_target);
    if (of_target && target) {
      auto& facets = units[*target].facets;
      facets.insert(facets.end(), d.facets.begin(), d.facets.end());
      continue;
    }
    if (of_target) target = units.size();
    units.push_back({info(d.kind).slug, d.facets, d.decibans, i});
  }
  Unit rest{info(Kind::noise).slug, {}, info(Kind::noise).decibans, std::nullopt};
  for (const LeftOut& left_out : differences.left_out) rest.facets.push_back(left_out.facet);
  if (!rest.facets.empty()) units.push_back(std::move(rest));
  return units;
}

Draft mix(const Draft& good, const Draft& bad, const std::vector<Unit>& units,
          const Subset& from_bad) {
  Draft draft = good;
  for (const std::size_t index : from_bad) {
    for (const Facet& facet : units.at(index).facets) take(draft, bad, facet);
  }
  return draft;
}

Licence licence(const Draft& good, const Draft& bad, bool replay,
                const catalogue::Provider* provider) {
  std::vector<std::string> hosts;
  if (good.url.origin() != bad.url.origin()) {
    const auto own = [&](const Draft& draft) {
      return provider && draft.url.scheme == "https" &&
             std::ranges::any_of(provider->hosts, [&](auto pattern) {
               return http::host_matches(pattern, draft.url.host);
             });
    };
    if (!own(good) || !own(bad)) {
      return no_mixing(
          Extent::nothing,
          "Nothing was sent: the requests go to two origins, and a key is sent to its own alone.");
    }
    hosts.assign(provider->hosts.begin(), provider->hosts.end());
  }
  if (!replay && !(is_harmless(good) && is_harmless(bad))) {
    return no_mixing(Extent::nothing,
                     "Nothing was sent: only GET, HEAD and OPTIONS are repeated without --replay.");
  }
  if (is_signed(good) || is_signed(bad)) {
    return no_mixing(
        Extent::nothing,
        "Nothing was sent: a signature covers its request, and cannot be repeated or mixed.");
  }
  if (!good.options.authentication.empty() || !bad.options.authentication.empty()) {
    return no_mixing(Extent::nothing,
                     "Nothing was sent: Digest, NTLM and Negotiate are negotiated by curl itself, "
                     "and cannot be mixed.");
  }
  const bool two_ways =
      good.url.origin() != bad.url.origin() || !same_way(good.options, bad.options) ||
      good.options.insecure != bad.options.insecure || good.options.cacert != bad.options.cacert;
  if (two_ways &&
      !(is_guarded(good) && is_guarded(bad) && good.options.cacert == bad.options.cacert)) {
    return no_mixing(Extent::as_they_are,
                     "Nothing was mixed: the requests take two ways, and without checked TLS a key "
                     "takes its own alone.");
  }
  return {Extent::mixtures, "", std::move(hosts)};
}

Meaning Trials::meaning(const http::Exchange& exchange) const {
  const int status = exchange.response.status;
  const bool as_bad = status == bad_status_ && status != 429;
  if (!as_bad && (status == 429 || status >= 500 || status == 0)) return Meaning::useless;
  return doctor::is_refused(exchange, setting_.catalogue) ? Meaning::refused : Meaning::works;
}

Result<void> Trials::allowed(const http::Request& mixture, const Draft& own) const {
  http::Request original = put_together(own);
  // Each of the two methods was the user's own; units_of() sees to it that a mixture of a request
  // with side effects does nothing new.
  original.method = mixture.method;
  return probe::allowed(mixture, original, true, setting_.replay, setting_.licence.hosts);
}

Result<http::Exchange> Trials::send_bad() {
  Subset all(setting_.units.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  auto exchange = send(all, true);
  if (exchange) bad_status_ = exchange->response.status;
  return exchange;
}

Result<http::Exchange> Trials::send(const Subset& from_bad, bool is_bad) {
  const bool is_good = from_bad.empty() && !is_bad;
  const Draft draft = mix(setting_.good, setting_.bad, setting_.units, from_bad);
  const http::Request request = put_together(draft);
  // A mixture may hold the keys of both, so it must be allowed for both.
  for (const Draft* own : {&setting_.good, &setting_.bad}) {
    if (is_good && own == &setting_.bad) continue;
    if (is_bad && own == &setting_.good) continue;
    if (auto ok = allowed(request, *own); !ok) return std::unexpected(ok.error());
  }
  std::vector<std::string_view> slugs;
  for (const std::size_t index : from_bad) slugs.push_back(setting_.units[index].slug);
  Trial trial{.from_bad = from_bad, .method = draft.method, .url = shown_url(draft)};
  trial.what = is_good  ? "GOOD as it is"
               : is_bad ? "BAD as it is"
                        : fmt::format("GOOD with BAD's {}", fmt::join(slugs, ", "));
  if (setting_.progress) setting_.progress(fmt::format("{}: {}", draft.url.host, trial.what));
  const http::ClientOptions options = probe::options_for(request, request, draft.options);
  auto sent = transport_.send(request, options, {});
  if (sent) {
    // What was asked for, not what the library made of it: a defect of the key is in the former.
    sent->exchange.request = request;
    trial.status = sent->exchange.response.status;
    trial.meaning = name_of(meaning(sent->exchange));
    rate_limited_ |= trial.status == 429;
  } else {
    trial.meaning = name_of(Meaning::useless);
  }
  sent_.push_back(std::move(trial));
  if (!sent) return std::unexpected(sent.error());
  return std::move(sent->exchange);
}

std::optional<Reply> Trials::ask(const Subset& from_bad) {
  if (const auto before = known_.find(from_bad); before != known_.end()) return before->second;
  if (budget_spent() || rate_limited_) return {};
  const auto exchange = send(from_bad, false);
  if (!exchange && exchange.error().message.contains("interrupted")) return {};
  Reply reply;
  if (exchange) reply = {meaning(*exchange), exchange->response.status};
  known_.emplace(from_bad, reply);
  return reply;
}

}  // namespace locksmith::compare
