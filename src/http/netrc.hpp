// Reads the login that a .netrc file holds for a host (ftp(1); curl(1), --netrc).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace locksmith::http {

struct Login {
  std::string user, password;
};

// The `machine` entry of the host, else `default`; nullopt when there is neither.
std::optional<Login> netrc_login(std::string_view text, std::string_view host);

}  // namespace locksmith::http
