// The probes that leave the key alone and vary what is around it: the way to the server, the
// client's manners, the path. Each gives the request, or why there is none; what changes on the way
// is said apart from it.
#pragma once

#include "probe/probes.hpp"

namespace locksmith::probe {

Built over_ipv4(const Setting&);
Built over_ipv6(const Setting&);
Built as_plain_agent(const Setting&);
Built past_proxy(const Setting&);
Built over_other_version(const Setting&);
Built with_other_slash(const Setting&);
Built with_one_credential(const Setting&);
Built without_origin(const Setting&);
Built preflight(const Setting&);

void choose_ipv4(const Setting&, http::ClientOptions&);
void choose_ipv6(const Setting&, http::ClientOptions&);
void choose_no_proxy(const Setting&, http::ClientOptions&);
void choose_other_version(const Setting&, http::ClientOptions&);

}  // namespace locksmith::probe
