// The usual words of any API: which answers a message speaks, by the phrases of
// catalogue/answers.toml.
#pragma once

#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace locksmith::catalogue {

struct Spoken {
  const Answer* answer = nullptr;
  std::string_view phrase;  // what was found
  bool hint = false;        // it speaks for the answer only half as strongly
};

// `message` as message_text() gives it. One entry per answer, in the order in which they are first
// said: people say the reason first, and advice after it. Hints count only where no phrase was
// found at all. A phrase inside a longer one that was found does not count ("not allowed" in "not
// allowed from this ip address").
std::vector<Spoken> spoken_answers(const Catalogue& catalogue, std::string_view message);

}  // namespace locksmith::catalogue
