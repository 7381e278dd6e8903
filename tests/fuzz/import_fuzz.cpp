// A file of keys from anywhere must be read or refused line by line; what was read must come back
// whole from its export.
#include <cstdint>
#include <cstdlib>

#include "authority/keys_file.hpp"
#include "server/import_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::server;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ImportDefaults defaults{"acct_1", "live"};
  for (const ImportFormat format : {ImportFormat::json_lines, ImportFormat::csv}) {
    const Imports read = read_imports(text, format, defaults);
    if (read.keys.size() != read.lines.size()) std::abort();
    if (read.accounts.size() != read.account_lines.size()) std::abort();
    for (const auto& account : read.accounts) {
      const std::string line = locksmith::authority::to_line(account);
      const Imports again = read_imports(line, ImportFormat::json_lines, {});
      if (again.accounts.size() != 1 || locksmith::authority::to_line(again.accounts[0]) != line)
        std::abort();
    }
    for (const auto& key : read.keys) {
      const std::string line = export_line(key);
      const Imports again = read_imports(line, ImportFormat::json_lines, {});
      if (again.keys.size() != 1 || export_line(again.keys[0]) != line) std::abort();
    }
  }
  return 0;
}
