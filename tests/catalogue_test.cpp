// Every [[example]] of the catalogue against the whole catalogue: no other file claims its host or
// its answer. That it is recognised and diagnosed as its file says is what `locksmith providers
// check` tells.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "catalogue/example.hpp"
#include "catalogue/load.hpp"
#include "catalogue/match.hpp"
#include "http/url.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::catalogue {
namespace {

const Files& files() {
  static const Files loaded = [] {
    auto read = Files::read(LOCKSMITH_SOURCE_DIR "/catalogue");
    if (!read) {
      for (const Problem& problem : read.error()) {
        fmt::print("{}:{}: {}\n", problem.file, problem.line, problem.message);
      }
      throw std::runtime_error("the catalogue cannot be read");
    }
    return std::move(*read);
  }();
  return loaded;
}

// One example with its bundle.
struct Told {
  const Example* example = nullptr;
  http::Bundle bundle;

  std::string where() const { return fmt::format("{}: {}", example->owner, example->name); }
};

const std::vector<Told>& examples() {
  static const std::vector<Told> all = [] {
    std::vector<Told> out;
    for (const Example& example : files().examples()) {
      auto exchange = read_example(example, files().catalogue());
      if (!exchange)
        throw std::runtime_error(fmt::format("{}: {}", example.name, exchange.error().message));
      Told told{.example = &example};
      told.bundle.exchanges.push_back(std::move(*exchange));
      out.push_back(std::move(told));
    }
    return out;
  }();
  return all;
}

// One line for each fault, all in one message: the list that has to become empty.
class Faults {
 public:
  template <class... Arguments>
  void add(const Told& told, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    lines_.push_back(fmt::format("  {}\n      {}\n", told.where(),
                                 fmt::format(text, std::forward<Arguments>(arguments)...)));
  }
  ~Faults() {
    EXPECT_GT(examples().size(), 0u);
    EXPECT_TRUE(lines_.empty()) << fmt::format("{} of {} examples:\n{}", lines_.size(),
                                               examples().size(), fmt::join(lines_, ""));
  }

 private:
  std::vector<std::string> lines_;
};

bool knows_host(const Provider& provider, std::string_view host) {
  const auto fits = [&](std::string_view pattern) { return http::host_matches(pattern, host); };
  return std::ranges::any_of(provider.hosts, fits) ||
         std::ranges::any_of(provider.environments, [&](const HostEnvironment& environment) {
           return std::ranges::any_of(environment.hosts, fits);
         });
}

// As well as the owner, that is: a wildcard may include what another file spells out.
TEST(Examples, HaveHostsThatNoOtherProviderClaimsAlike) {
  Faults faults;
  for (const Told& told : examples()) {
    if (told.example->intermediary) continue;
    const std::string host = http::parse_url(told.bundle.failure().request.url).host;
    const Provider* best = files().catalogue().provider_of_host(host);
    for (const Provider& provider : files().catalogue().providers) {
      if (provider.slug == told.example->owner || !knows_host(provider, host)) continue;
      const bool written_out = std::ranges::find(provider.hosts, host) != provider.hosts.end();
      if (written_out || (best && best->slug != told.example->owner)) {
        faults.add(told, "{} claims the host {}, too", provider.slug, host);
      }
    }
  }
}

TEST(Examples, OfIntermediariesNameThem) {
  Faults faults;
  for (const Told& told : examples()) {
    if (!told.example->intermediary) continue;
    const auto& boxes = files().catalogue().intermediaries;
    const auto owner = std::ranges::find(boxes, told.example->owner, &Intermediary::slug);
    ASSERT_NE(owner, boxes.end());
    const inspect::Case c(told.bundle, files().catalogue());
    const auto boxes_on_the_way = inspect::answered_by(c);
    if (std::ranges::find(boxes_on_the_way, &*owner) == boxes_on_the_way.end())
      faults.add(told, "it is not among who answered");
  }
}

// A generic rule may fit as well; who is named in the end is the owner, or somebody who recognises
// the answer too.
TEST(Examples, OfIntermediariesAreClaimedByNoOther) {
  Faults faults;
  for (const Told& told : examples()) {
    if (!told.example->intermediary) continue;
    const inspect::Case c(told.bundle, files().catalogue());
    const Intermediary* named = c.intermediary;
    if (!named || named->slug == told.example->owner) continue;
    if (!any_holds(named->recognise, c.request, c.view)) {
      faults.add(told, "{} is named, which does not recognise it", named->slug);
    }
  }
}

}  // namespace
}  // namespace locksmith::catalogue
