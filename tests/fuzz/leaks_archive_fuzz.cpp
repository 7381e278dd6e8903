// Bytes that claim to be an archive: no crash, no hang, and never more unpacked than the limits
// say.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "leaks/archive.hpp"

namespace {

class Nothing : public locksmith::leaks::Detector {
 public:
  void search(std::string_view,
              const std::function<void(const locksmith::leaks::Hit&)>&) const override {}
  std::size_t longest() const override { return 8; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::leaks;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::uint64_t most = 1 << 20;
  const ArchiveLimits limits{.unpacked = most, .members = 100, .depth = 3};
  Tally tally;
  is_archive(bytes);
  search_archive(bytes, Nothing(), limits, {}, {}, tally);
  // One block above the limit is read before it is known.
  if (tally.bytes > most + (16 << 20)) __builtin_trap();
  return 0;
}
