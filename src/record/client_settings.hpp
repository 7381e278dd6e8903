// What makes clients use the recording proxy and trust its certificates: data, one line for each
// variable, with the page of the client's own documentation that says so.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "record/trust.hpp"

namespace locksmith::record {

enum class SettingValue {
  proxy,    // http://127.0.0.1:PORT
  bundle,   // the path of all authorities and ours: it replaces what the client has
  extra,    // the path of ours (and what the user's own variable named): it is added
  one,      // "1"
  removed,  // not set at all
  node,     // what stood there, and --require of the module that makes old Node.js use the proxy
  java,     // what stood there, and the system properties of the JVM
};

struct ClientSetting {
  std::string_view variable;
  SettingValue value;
  std::string_view source;
};
std::span<const ClientSetting> client_settings();

struct SettingFiles {
  std::string bundle, extra, node_module, java_store;  // paths; empty: leave the setting out
};

// The recorded program's environment. `keep_no_proxy`: hosts that the user excepts stay excepted.
Variables with_settings(Variables environment, const SettingFiles& files, std::uint16_t port,
                        bool keep_no_proxy);

// A module for Node.js before 22.21 and 24.5, which knows no proxy variables.
std::string_view node_module();

}  // namespace locksmith::record
