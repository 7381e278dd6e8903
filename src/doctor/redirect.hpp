// One step of a redirect, taken by hand: the request that a `Location` asks for, with nothing in it
// that another origin must not see. Pure.
#pragma once

#include "http/message.hpp"

namespace locksmith::doctor {

bool is_redirect(const http::Response& response);  // with a Location

http::Request next_request(const http::Exchange& exchange);

// Whether a server moved a secret of `original` into the URL that it wants to be asked next.
bool url_holds_secret_of(const http::Request& next, const http::Request& original);

}  // namespace locksmith::doctor
