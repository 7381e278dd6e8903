// One element of the header Forwarded (RFC 7239 section 4): what one proxy says of the request that
// came to it.
#pragma once

#include <optional>
#include <string_view>

namespace locksmith::server {

struct ForwardedElement {
  std::string_view node;   // for=: "192.0.2.7:4711", "[2001:db8::7]", "unknown", "_hidden"
  std::string_view proto;  // "https"
  std::string_view host;
};

// Nothing when it is not well formed, or has a parameter twice.
std::optional<ForwardedElement> parse_forwarded_element(std::string_view text);

// Takes the last element off `list`, quotes and what they hold left whole. Read from the right, so
// that nothing that stands before an element (a quote that is never closed) reaches into it.
std::string_view take_last_forwarded(std::string_view& list);

}  // namespace locksmith::server
