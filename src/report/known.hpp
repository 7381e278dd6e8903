// What the catalogue knows, shown: the list of providers and intermediaries, and all of one
// (`locksmith providers`). Pure functions; the JSON is described in docs/json-output.md.
#pragma once

#include <string>
#include <string_view>

#include "catalogue/catalogue.hpp"
#include "catalogue/find.hpp"
#include "report/report.hpp"

namespace locksmith::report {

std::string list_as_text(const catalogue::Found& found, const TextStyle& style);
std::string list_as_json(const catalogue::Found& found);

// `catalogue` tells what the answers of its rules say.
std::string as_text(const catalogue::Provider& provider, const catalogue::Catalogue& catalogue,
                    const TextStyle& style);
std::string as_text(const catalogue::Intermediary& intermediary,
                    const catalogue::Catalogue& catalogue, const TextStyle& style);
std::string as_json(const catalogue::Provider& provider);
std::string as_json(const catalogue::Intermediary& intermediary);

// A curl command that sends a key as `placement` says, with all that must go with it. The key is
// that of the provider's first variable.
std::string key_command(const catalogue::Provider& provider, const catalogue::Placement& placement);

// "the Authorization header, as Bearer"
std::string where(const catalogue::Placement& placement);
// "/error/code = \"expired\""
std::string condition_text(const catalogue::Condition& condition);

}  // namespace locksmith::report
