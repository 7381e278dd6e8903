// The kinds of differences between two requests: how much each means for authentication, and which
// causes it speaks for. A table, so that a new kind is a row.
#pragma once

#include <string_view>
#include <vector>

namespace locksmith::compare {

enum class Kind {
  key_missing,        // one presents a key, the other none
  key_defect,         // white space, quotes, an unfilled variable … in one key
  key_cut,            // one key is the beginning of the other
  key_case,           // the same key in other letters
  key_other_kind,     // keys of two kinds
  key_other,          // two keys of one kind, or of none that is known
  key_place,          // another header, parameter or cookie
  key_scheme,         // another word before the key, or none
  key_scheme_case,    // "bearer" and "Bearer"
  key_user,           // the other half of a Basic pair
  second_credential,  // a further credential that only one has, or that differs
  signature_scope,    // what a signature was made for
  authentication,     // how the client negotiates: Digest, NTLM, SigV4, .netrc
  client_certificate,
  required_header,  // that the provider wants with every key
  csrf_header,
  url_scheme,  // http and https
  host,
  host_header,
  port,
  method,
  path,
  path_slash,    // only a slash at the end
  path_doubled,  // a segment stands twice, such as /v1/v1/
  path_case,
  query,
  origin_header,  // Origin, Referer
  cookie,
  user_agent,
  content_type,
  accept,
  other_header,
  body,
  http_version,
  proxy,
  way,     // --resolve, --connect-to, --unix-socket
  source,  // --interface, -4, -6
  tls,     // -k, --cacert
  noise,   // all that was left out, as one
};

struct KindInfo {
  Kind kind;
  std::string_view slug;  // stable, for machines
  double decibans;        // how often such a difference is the reason, against an ordinary header
  std::vector<std::string_view> causes;  // that it speaks for, likeliest first
};

const KindInfo& info(Kind kind);
const std::vector<KindInfo>& kinds();

}  // namespace locksmith::compare
