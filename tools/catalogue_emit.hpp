// Writes a catalogue as C++ sources: constant data that needs no code at start.
#pragma once

#include <map>
#include <string>

#include "catalogue/catalogue.hpp"

namespace locksmith::catalogue {

// File name → content; the providers are spread over `parts` files by their slugs.
std::map<std::string, std::string> emit_sources(const Catalogue& catalogue, std::size_t parts);

}  // namespace locksmith::catalogue
