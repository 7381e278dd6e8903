// Undoes Content-Encoding, so that an error document can be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace locksmith::record {

// `encoding` is one coding: gzip, x-gzip, deflate, br (where the system has libbrotlidec),
// identity. What is cut off yields what can be had of it. Nothing when it cannot be decoded. At
// most `limit` bytes.
std::optional<std::string> decode(std::string_view bytes, std::string_view encoding,
                                  std::size_t limit);

// Decodes both bodies in place; the headers stay as they were. One that cannot be decoded stays
// too.
void decode_bodies(http::Exchange& exchange);

}  // namespace locksmith::record
