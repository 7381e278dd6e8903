// Stand-ins for secrets that a diagnosis cannot tell from the originals: the same length, prefix,
// character classes, defects, structure and checksum validity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace locksmith::credential {

// `password`: chosen by a person, so that not even its beginning is kept.
enum class SecretKind { key, password };

// The same for the same `seed`, `secret` and `kind`. Not to be undone without the seed.
std::string make_surrogate(std::string_view secret, std::uint64_t seed,
                           SecretKind kind = SecretKind::key);

// How many bytes at `offset` do not belong into any key: white space, quotes, control and invisible
// characters. 0 when the byte is the key's own.
std::size_t defect_at(std::string_view text, std::size_t offset);
// `text` without the defects at its ends; and without any.
std::string_view trim_defects(std::string_view text);
std::string without_defects(std::string_view text);

// The text that `text` is the base64 of, if it is that: random keys do not decode to printable
// text.
std::optional<std::string> text_in_base64(std::string_view text);

// Whether the last 6 characters are the CRC-32, in base62, of those between the last '_'
// and them.
// https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
bool ends_in_checksum(std::string_view secret);

}  // namespace locksmith::credential
