// Feeds the reader of provider files: users write their own, and a broken one must yield problems,
// never a crash. What was read must also be usable.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "catalogue/example.hpp"
#include "catalogue/load.hpp"
#include "catalogue/match.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto files = catalogue::Files::read_provider(text, "fuzz");
  if (!files) return 0;
  const catalogue::Catalogue all = files->over({});
  const catalogue::Provider& provider = all.providers.front();
  for (const catalogue::Example& example : files->examples()) {
    const auto exchange = catalogue::read_example(example, all);
    if (!exchange) __builtin_trap();  // the reader checks its examples
    const catalogue::ResponseView view(exchange->response);
    catalogue::first_match(provider.refusals, exchange->request, view);
    catalogue::any_holds(provider.recognise, exchange->request, view);
  }
  all.provider_of_host("api.example.com");
  return 0;
}
