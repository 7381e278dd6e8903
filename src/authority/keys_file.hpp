// Accounts and keys as JSON lines, with digests in place of secrets: what liblocksmith opens. The
// fields have the names that the HTTP interface gives them, so that the lines of `locksmith keys
// export` are read as they are. A line without `kind` is a key when it has a digest.
//   {"kind":"account","id":"acct_1","name":"Customer",…}
//   {"kind":"key","id":"key_1","account":"acct_1","sha256":"…",…}
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "authority/key.hpp"
#include "base/result.hpp"

namespace locksmith::authority {

// With the line feed.
std::string to_line(const Account& account);
std::string to_line(const Key& key);

struct KeysFile {
  std::function<void(Account)> account;
  std::function<void(Key)> key;
};
// Calls for each line. Stops at the first fault: unknown fields are errors, since a restriction
// that is not understood must not be none.
Result<void> read_keys_file(std::string_view text, const KeysFile& take);

}  // namespace locksmith::authority
