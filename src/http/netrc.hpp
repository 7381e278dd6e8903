// Reads the logins that a .netrc file holds (ftp(1); curl(1), --netrc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace locksmith::http {

struct Login {
  std::string user, password;
};

// The `machine` entry of the host, else `default`; nullopt when there is neither.
std::optional<Login> netrc_login(std::string_view text, std::string_view host);

struct NetrcValue {
  std::string field;  // "login", "password" or "account"
  std::string value;
  int line = 0;  // 1-based, where the value stands
};

struct NetrcEntry {
  bool is_default = false;
  std::string machine;
  std::vector<NetrcValue> values;
};

// All entries, in the order of the file.
std::vector<NetrcEntry> netrc_entries(std::string_view text);

}  // namespace locksmith::http
