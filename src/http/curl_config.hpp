// The file format of curl's -K (curl(1) --config; src/tool_parsecfg.c).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace locksmith::http {

struct ConfigLine {
  std::string option;                   // with its dashes, "--header"
  std::optional<std::string> argument;  // quotes and escapes resolved
};
std::vector<ConfigLine> parse_curl_config(std::string_view text);

// The lines of a file that carry anything: neither blank nor a comment. A carriage return at their
// end stays: curl 8 keeps it (my_get_line in src/tool_parsecfg.c; 7.88 did not), and so a key from
// a file with Windows line ends is sent with it.
std::vector<std::string_view> content_lines(std::string_view text);

}  // namespace locksmith::http
