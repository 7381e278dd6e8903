// https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
#include "record/peer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/text.hpp"

namespace locksmith::record {
namespace {

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  for (std::size_t at = line.find_first_not_of(' '); at != std::string_view::npos;
       at = line.find_first_not_of(' ', at)) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    found.push_back(line.substr(at, end - at));
    at = end;
  }
  return found;
}

}  // namespace

std::optional<uid_t> owner_in_table(std::string_view table, std::uint16_t client_port,
                                    std::uint16_t server_port) {
  // The suffix of 127.0.0.1 in both tables: a program may reach it as ::ffff:127.0.0.1 (Java does).
  const std::string local = fmt::format("0100007F:{:04X}", client_port),
                    remote = fmt::format("0100007F:{:04X}", server_port);
  while (!table.empty()) {
    const std::size_t end = std::min(table.find('\n'), table.size());
    const auto fields = words(table.substr(0, end));
    table.remove_prefix(std::min(end + 1, table.size()));
    if (fields.size() < 10 || !fields[1].ends_with(local) || !fields[2].ends_with(remote)) continue;
    uid_t owner = 0;
    const auto [last, error] = std::from_chars(fields[7].begin(), fields[7].end(), owner);
    // Without an inode the socket is closed already, and the owner that is shown is nobody's.
    if (error != std::errc() || last != fields[7].end() || fields[9] == "0") return {};
    return owner;
  }
  return {};
}

std::optional<uid_t> peer_owner(std::uint16_t client_port, std::uint16_t server_port) {
  constexpr std::size_t most_bytes = 64 << 20;
  for (int attempt = 0; attempt < 3; ++attempt) {  // the table may skip a line while it changes
    for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
      const auto table = base::read_regular_file(path, most_bytes);
      if (!table) continue;
      if (auto owner = owner_in_table(*table, client_port, server_port)) return owner;
    }
  }
  return {};
}

}  // namespace locksmith::record
