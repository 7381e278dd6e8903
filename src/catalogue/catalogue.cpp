#include "catalogue/catalogue.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace locksmith::catalogue {
namespace {

// A cause whose prior is silent on a status is unlikely there: one in a hundred against a typical
// one.
constexpr double silent_prior = -20;

template <class T>
const T* find_slug(std::span<const T> sorted, std::string_view slug) {
  const auto found = std::ranges::lower_bound(sorted, slug, {}, &T::slug);
  return found != sorted.end() && found->slug == slug ? &*found : nullptr;
}

// How well a provider's patterns fit: a host name that is written out beats every wildcard, and a
// longer wildcard a shorter one. 0: not at all.
std::size_t fit(Strings patterns, std::string_view host) {
  std::size_t best = 0;
  for (const std::string_view pattern : patterns) {
    if (pattern == host) return std::string_view::npos;
    if (pattern.size() > best && pattern.find('*') != pattern.npos &&
        http::host_matches(pattern, host)) {
      best = pattern.size();
    }
  }
  return best;
}

}  // namespace

double Cause::prior(int status) const {
  double other = silent_prior;
  for (const Prior& prior : priors) {
    if (prior.status == status) return prior.decibans;
    if (prior.status == 0) other = prior.decibans;
  }
  return other;
}

const Cause* Catalogue::cause(std::string_view slug) const { return find_slug(causes, slug); }
const Provider* Catalogue::provider(std::string_view slug) const {
  return find_slug(providers, slug);
}

const Answer* Catalogue::answer(std::string_view kind) const {
  const auto found = std::ranges::find(answers, kind, &Answer::kind);
  return found == answers.end() ? nullptr : &*found;
}

const Provider* Catalogue::provider_of_host(std::string_view host) const {
  const Provider* best = nullptr;
  std::size_t best_fit = 0;
  for (const Provider& provider : providers) {
    std::size_t provider_fit = fit(provider.hosts, host);
    for (const HostEnvironment& environment : provider.environments) {
      provider_fit = std::max(provider_fit, fit(environment.hosts, host));
    }
    if (provider_fit > best_fit) best_fit = provider_fit, best = &provider;
  }
  return best;
}

}  // namespace locksmith::catalogue
