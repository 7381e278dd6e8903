// What a request and its client options mean for libcurl.
#pragma once

#include <string>
#include <vector>

#include "http/curl_command.hpp"
#include "http/message.hpp"
#include "probe/curl_handle.hpp"
#include "probe/transport.hpp"

namespace locksmith::probe {

// `header_lines`: of wire.hpp. The request must outlive the transfer.
void set_request(CurlHandle& curl, const http::Request& request,
                 const std::vector<std::string>& header_lines, const http::ClientOptions& options);
// Proxy, resolving, connecting.
void set_way(CurlHandle& curl, const http::ClientOptions& options);
void set_tls(CurlHandle& curl, const http::ClientOptions& options);
// The user's own limits hold where they are stricter.
void set_limits(CurlHandle& curl, const Limits& limits, const http::ClientOptions& options);

}  // namespace locksmith::probe
