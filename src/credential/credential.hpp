// What a request presented to be let in: its value, where it sat, and under which scheme.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "http/message.hpp"

namespace locksmith::credential {

enum class Place { header, query, cookie, userinfo, path, body };
std::string_view to_string(Place place);
std::optional<Place> place_from(std::string_view name);

// A user and a password from `Authorization: Basic` (RFC 7617) or from the URL.
struct Basic {
  std::string user;
  base::Secret password;
  bool has_colon = true;
  bool valid_base64 = true;  // false: nothing could be decoded, `user` and `password` are empty
};

struct Credential {
  Place place = Place::header;
  std::string name;        // the header, query parameter or cookie, as written
  std::string scheme;      // first word of the header as written ("Bearer", "token"); empty: none
  base::Secret value;      // what follows the scheme, byte for byte: white space at its ends too
  std::size_t offset = 0;  // where `value` starts within the header or parameter, in bytes
  std::optional<Basic> basic;

  // The secret itself: the password of a Basic pair (the user when the password is empty), else
  // the value.
  const std::string& secret() const;
  std::string where() const;  // "Authorization header", "query parameter 'key'"
};

// Where a provider wants its key; also what makes a header with an odd name a credential.
struct Placement {
  Place place = Place::header;
  std::string_view name;    // for Place::path: what stands before the key, e.g. "/bot"
  std::string_view scheme;  // empty: the bare key
};

// Every credential of the request, in order: Authorization first, then other headers, the query,
// cookies that are known to be credentials, userinfo, the path. An empty one counts when its place
// was there ("Authorization: Bearer ").
std::vector<Credential> find_credentials(const http::Request& request,
                                         std::span<const Placement> known = {});

// A key that stands right behind the version of the API, as JSON-RPC providers place it
// (https://docs.metamask.io/services/get-started/endpoints.md: /v3/<YOUR-API-KEY>): where it starts
// and its length. Behind the name of a collection such a value is an id more often than a key.
std::optional<std::pair<std::size_t, std::size_t>> key_behind_version(std::string_view path);

}  // namespace locksmith::credential
