// .netrc: "HOST.login" and "HOST.password", or "default.password".
#include "http/netrc.hpp"

#include "settings/readers.hpp"

namespace locksmith::settings {

Settings read_netrc(std::string_view text) {
  std::vector<Setting> settings;
  for (http::NetrcEntry& entry : http::netrc_entries(text)) {
    const std::string owner = entry.is_default ? "default" : entry.machine;
    for (http::NetrcValue& found : entry.values) {
      std::vector<std::string> oddities = oddities_of(found.value);
      settings.push_back({owner + "." + found.field, base::Secret(std::move(found.value)),
                          found.line, std::move(oddities)});
    }
  }
  return settings;
}

}  // namespace locksmith::settings
