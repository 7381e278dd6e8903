// Files that define variables, each kind by its reader; the first byte says which. And what /proc
// tells of a process.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "whereabouts/processes.hpp"
#include "whereabouts/sources.hpp"
#include "whereabouts/verdict.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::whereabouts;
  if (size == 0) return 0;
  const Names names({"A", "API_KEY"});
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr int sources = static_cast<int>(Source::client) + 1;
  const auto source = static_cast<Source>(data[0] % sources);
  const char* path = source == Source::client ? ".npmrc" : "config/app.yml";
  const FileRead read = read_file(source, {path, text, {}, 0}, names);
  for (const Place& place : read.places) {
    if (!names.has(place.name) || place.line < 1) __builtin_trap();
  }
  for (const Further& further : read.further) read_further(further, {"x", text, {}, 0}, names);
  if (verdict(read.places, {}).text.contains('\n')) __builtin_trap();
  variables_of(text, names);
  parse_stat(text);
  program_of(text, "name");
  return 0;
}
