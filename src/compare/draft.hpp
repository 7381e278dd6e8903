// A request taken apart into what can be taken from another one: the key apart from its place, the
// place apart from its scheme, each header and parameter by itself. What was taken apart and put
// together again is the same request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "catalogue/catalogue.hpp"
#include "credential/credential.hpp"
#include "http/bundle.hpp"
#include "http/curl_command.hpp"
#include "http/url.hpp"

namespace locksmith::compare {

// One of the two requests, as it was read.
struct Side {
  http::Bundle bundle;
  http::ClientOptions options;
  bool from_curl = false;  // what the command does not name, curl adds: User-Agent, Accept

  const http::Request& request() const { return bundle.failure().request; }
};

// The credential that is meant for the API.
struct Key {
  enum class Form { plain, password, user, raw };  // of a Basic pair the key is one half
  credential::Place place = credential::Place::header;
  std::string name;    // of the header, parameter or cookie
  std::string scheme;  // as written, without what follows it
  std::string prefix;  // what stands before the value in a header: "Bearer "
  Form form = Form::plain;
  std::string user;  // of a Basic pair whose password is the key
  base::Secret secret;
  base::Secret written;  // in a query as it was encoded there; empty: to be encoded
};

struct Draft {
  std::string method;
  http::Url url;                        // without userinfo, query and a key in the path
  std::vector<std::string> parameters;  // "name=value" as written, without the key
  http::Headers headers;                // without the key
  std::string body;
  http::ClientOptions options;
  std::optional<Key> key;
  bool curl_agent = false;                     // curl's own User-Agent goes with it
  std::vector<credential::Credential> others;  // further credentials; they are in the above, too
};

// `like`: the key of the other side, when it was read first, so that of several credentials the
// two are compared that correspond.
Draft take_apart(const Side& side, const catalogue::Catalogue& catalogue,
                 const Key* like = nullptr);
http::Request put_together(const Draft& draft);

// Without userinfo, query and the key.
std::string shown_path(const Draft& draft);
std::string shown_url(const Draft& draft);

// One thing that a draft can take from another.
struct Facet {
  enum class What {
    method,
    scheme,
    host,
    port,
    path,
    parameter,
    header,
    body,
    key,
    key_place,
    key_scheme,
    key_user,
    key_secret,
    http_version,
    proxy,
    way,
    source,
    tls,
    certificate,
    authentication,
  };
  What what;
  std::string name;  // of the header or parameter
  friend bool operator==(const Facet&, const Facet&) = default;
};
void take(Draft& into, const Draft& from, const Facet& facet);

// All values of one header, or of one query parameter (decoded name), in order.
std::vector<std::string> values_of(const Draft& draft, const Facet& facet);
std::string parameter_name(std::string_view written);

}  // namespace locksmith::compare
