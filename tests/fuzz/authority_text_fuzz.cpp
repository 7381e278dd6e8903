// The authority's small readers, all on the same text: key format, path pattern, addresses, units,
// keys file. What they read they write so that it is read again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "authority/compiled.hpp"
#include "authority/key_format.hpp"
#include "authority/keys_file.hpp"
#include "authority/units.hpp"

namespace {

using namespace locksmith::authority;

void require(bool holds) {
  if (!holds) std::abort();
}

void addresses(std::string_view text) {
  if (const auto address = parse_address(text)) require(parse_address(address->text()) == address);
  const auto block = parse_cidr(text);
  if (!block) return;
  require(block->contains(block->network));
  require(parse_cidr(block->text()) == block);
}

// A pattern and a path, apart by a space.
void paths(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto pattern = PathPattern::parse(text.substr(0, space));
  if (!pattern) return;
  Path path;
  split_path(text.substr(std::min(space + 1, text.size())), path);
  RouteTable table;
  table.add(*pattern, {});
  bool known = false;
  require((table.find(path, "GET", known) == 0) == pattern->matches(path));
}

void keys_file(std::string_view text) {
  std::string written;
  const auto read =
      read_keys_file(text, {[&](const Account& account) { written += to_line(account); },
                            [&](const Key& key) { written += to_line(key); }});
  if (!read) return;
  std::string again;
  require(read_keys_file(written, {[&](const Account& account) { again += to_line(account); },
                                   [&](const Key& key) { again += to_line(key); }})
              .has_value());
  require(again == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::vector<Environment> environments{{"live", "lks_live_"}, {"test", "lks_test_"}};
  if (const auto fault = examine(text, environments, "live"))
    require(fault->at <= text.size() && !fault->what.empty());
  addresses(text);
  paths(text);
  keys_file(text);
  (void)compile_granted(text);
  (void)origin_matches(text.substr(0, text.size() / 2), text.substr(text.size() / 2));
  if (const auto rate = parse_rate(text)) require(rate->requests > 0 && rate->period.count() > 0);
  (void)parse_duration(text);
  (void)parse_quota(text);
  (void)parse_size(text);
  return 0;
}
