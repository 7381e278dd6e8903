// Sends mixtures of two requests. No key goes to another place than its own request's: every
// mixture is allowed for both requests (probe/safety.hpp), and none is followed where a server
// redirects it to.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "compare/bisect.hpp"
#include "compare/differences.hpp"
#include "probe/transport.hpp"

namespace locksmith::compare {

// One thing that a mixture has of GOOD or of BAD: a difference, or all noise together.
struct Unit {
  std::string_view slug;
  std::vector<Facet> facets;
  double weight = 0;
  std::optional<std::size_t> difference;  // its index; nullopt: what was left out
};

// Differences that must not be mixed become one unit: the target of a request with side effects.
std::vector<Unit> units_of(const Draft& good, const Draft& bad, const Differences& differences);
Draft mix(const Draft& good, const Draft& bad, const std::vector<Unit>& units,
          const Subset& from_bad);

// GET, HEAD or OPTIONS, with nothing in it that makes the server take it for another method.
bool is_harmless(const Draft& draft);

// How far an experiment may go.
struct Licence {
  enum class Extent { nothing, as_they_are, mixtures };
  Extent extent = Extent::mixtures;
  std::string reason;              // why no further; a sentence
  std::vector<std::string> hosts;  // of the provider that both origins belong to; else empty
};
Licence licence(const Draft& good, const Draft& bad, bool replay,
                const catalogue::Provider* provider);

struct Trial {
  Subset from_bad;   // units
  std::string what;  // "GOOD as it is", "GOOD with BAD's key-scheme"
  std::string method, url;
  int status = 0;       // 0: no answer
  std::string meaning;  // "works", "refused", "useless"
};

class Trials {
 public:
  struct Setting {
    const Draft& good;
    const Draft& bad;
    const std::vector<Unit>& units;  // may be put into another order before the first ask()
    const catalogue::Catalogue& catalogue;
    Licence licence;
    bool replay = false;
    std::size_t budget = 12;
    std::function<void(std::string_view)> progress;
  };
  Trials(Setting setting, probe::Transport& transport)
      : setting_(std::move(setting)), transport_(transport) {}

  Result<http::Exchange> send_good() { return send({}, false); }
  Result<http::Exchange> send_bad();  // what it answers is what counts as refused from now on
  // As bisect() asks; each question is sent once. nullopt when nothing more may be sent.
  std::optional<Reply> ask(const Subset& from_bad);
  Reply::Meaning meaning(const http::Exchange& exchange) const;

  const std::vector<Trial>& sent() const { return sent_; }
  bool budget_spent() const { return sent_.size() >= setting_.budget; }
  bool rate_limited() const { return rate_limited_; }

 private:
  Result<void> allowed(const http::Request& mixture, const Draft& own) const;
  Result<http::Exchange> send(const Subset& from_bad, bool is_bad);

  Setting setting_;
  probe::Transport& transport_;
  std::vector<Trial> sent_;
  std::map<Subset, Reply> known_;
  int bad_status_ = 0;
  bool rate_limited_ = false;
};

}  // namespace locksmith::compare
