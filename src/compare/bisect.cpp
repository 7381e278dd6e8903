// ddmin, on differences instead of input; an answer that tells nothing acquits nobody.
#include "compare/bisect.hpp"

#include <algorithm>
#include <numeric>

namespace locksmith::compare {
namespace {

using Meaning = Reply::Meaning;

Subset without(const Subset& set, const Subset& part) {
  Subset rest;
  std::ranges::set_difference(set, part, std::back_inserter(rest));
  return rest;
}

// `n` parts of about the same weight, none empty; n ≤ set.size().
std::vector<Subset> split(Subset set, std::size_t n, std::span<const double> weights) {
  std::ranges::stable_sort(set, std::greater(), [&](std::size_t i) { return weights[i]; });
  // Even the least likely have some weight, so that they are not asked about one by one.
  const double least = std::ranges::min(weights);
  const auto weight = [&](std::size_t i) { return weights[i] - least + 16; };
  double left = std::accumulate(set.begin(), set.end(), 0.0,
                                [&](double sum, std::size_t i) { return sum + weight(i); });
  std::vector<Subset> parts;
  std::size_t at = 0;
  for (std::size_t part = 0; part < n; ++part) {
    const double share = left / static_cast<double>(n - part);
    const std::size_t must_stay = n - part - 1;
    Subset taken;
    double mass = 0;
    while (at + must_stay < set.size() &&
           (taken.empty() || part + 1 == n || mass + weight(set[at]) / 2 <= share)) {
      mass += weight(set[at]);
      taken.push_back(set[at++]);
    }
    left -= mass;
    std::ranges::sort(taken);
    parts.push_back(std::move(taken));
  }
  return parts;
}

class Isolation {
 public:
  Isolation(std::span<const double> weights, int status, const Ask& ask)
      : weights_(weights), status_(status), ask_(ask) {}

  Guilt isolate(Subset set) {
    std::size_t n = 2;
    while (set.size() >= 2 && !ended_) {
      const auto parts = split(set, n, weights_);
      if (const auto guilty = first_guilty(parts)) {
        set = *guilty;
        n = 2;
        unclear_ = false;
      } else if (const auto rest = n > 2 ? first_guilty_rest(set, parts) : std::nullopt) {
        set = *rest;
        unclear_ = false;
        n = std::max<std::size_t>(n - 1, 2);
      } else if (n < set.size()) {
        n = std::min(set.size(), 2 * n);
      } else {
        break;
      }
    }
    return {set, status_, set.size() == 1 || !(ended_ || unclear_)};
  }

 private:
  bool is_guilty(const Subset& set) {
    if (ended_) return false;
    const auto reply = ask_(set);
    ended_ = !reply;
    const bool guilty = reply && reply->meaning == Meaning::refused && reply->status == status_;
    unclear_ |= reply && !guilty && reply->meaning != Meaning::works;
    return guilty;
  }
  std::optional<Subset> first_guilty(const std::vector<Subset>& parts) {
    for (const Subset& part : parts) {
      if (is_guilty(part)) return part;
    }
    return {};
  }
  std::optional<Subset> first_guilty_rest(const Subset& set, const std::vector<Subset>& parts) {
    for (const Subset& part : parts) {
      if (auto rest = without(set, part); is_guilty(rest)) return rest;
    }
    return {};
  }

  std::span<const double> weights_;
  int status_;
  const Ask& ask_;
  bool ended_ = false;
  bool unclear_ = false;  // a part of the set was neither let in nor refused like the whole
};

}  // namespace

Bisection bisect(std::span<const double> weights, int status, const Ask& ask) {
  Bisection result;
  Subset rest(weights.size());
  std::iota(rest.begin(), rest.end(), std::size_t{0});
  while (!rest.empty()) {
    result.guilty.push_back(Isolation(weights, status, ask).isolate(rest));
    const Guilt& found = result.guilty.back();
    if (!found.minimal) return result;
    rest = without(rest, found.differences);
    if (rest.empty()) break;
    const auto reply = ask(rest);
    if (!reply || reply->meaning == Meaning::useless) return result;
    if (reply->meaning == Meaning::works) {
      result.proved = true;
      return result;
    }
    status = reply->status;  // mended, another refusal came to light
  }
  result.proved = true;
  return result;
}

}  // namespace locksmith::compare
