// The options of a request as libcurl takes them; what curl(1) does beyond libcurl is done here.
#include "probe/curl_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace locksmith::probe {

void set_request(CurlHandle& curl, const http::Request& request,
                 const std::vector<std::string>& header_lines, const http::ClientOptions& options) {
  curl.set(CURLOPT_URL, request.url);
  curl.set(CURLOPT_PROTOCOLS_STR, "http,https");
  curl.set(CURLOPT_DEFAULT_PROTOCOL, "http");
  curl.set(CURLOPT_FOLLOWLOCATION, 0);
  // A name with nothing behind the colon keeps libcurl from adding its own (CURLOPT_HTTPHEADER(3)).
  std::vector<std::string> lines = header_lines;
  for (const std::string& name : options.removed_headers) {
    if (!request.headers.has(name)) lines.push_back(name + ":");
  }
  curl.set_list(CURLOPT_HTTPHEADER, lines);
  curl.set(CURLOPT_USERAGENT,
           "curl/" + std::string(curl.library().version_info(CURLVERSION_NOW)->version));
  if (!request.body.empty() || request.method == "POST") {
    curl.set(CURLOPT_POST, 1);
    curl.set(CURLOPT_POSTFIELDSIZE_LARGE, request.body.size());
    curl.set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.method == "HEAD") {
    curl.set(CURLOPT_NOBODY, 1);
  } else {
    curl.set(CURLOPT_CUSTOMREQUEST, request.method);
  }
  if (const std::string* encoding = request.headers.find("Accept-Encoding")) {
    curl.set(CURLOPT_ACCEPT_ENCODING,
             encoding->c_str());  // the request's own header is what is sent
  } else if (options.compressed) {
    curl.set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  }
  const std::string& version = options.http_version;
  if (version == "1.0") curl.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_0);
  if (version == "1.1") curl.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  if (version == "2") curl.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_0);
  // "3": the libcurl of Debian 12 has no HTTP/3; the same answer comes over its default.
}

void set_way(CurlHandle& curl, const http::ClientOptions& options) {
  curl.set(CURLOPT_PROXY, options.proxy);  // not set: libcurl reads the environment as curl does
  curl.set(CURLOPT_PROXYUSERPWD, options.proxy_user);
  curl.set(CURLOPT_NOPROXY, options.noproxy);
  curl.set(CURLOPT_UNIX_SOCKET_PATH, options.unix_socket);
  curl.set(CURLOPT_INTERFACE, options.interface);
  curl.set_list(CURLOPT_RESOLVE, options.resolve);
  curl.set_list(CURLOPT_CONNECT_TO, options.connect_to);
  if (options.ip_version == 4) curl.set(CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4);
  if (options.ip_version == 6) curl.set(CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V6);
}

void set_tls(CurlHandle& curl, const http::ClientOptions& options) {
  curl.set(CURLOPT_CERTINFO, 1);
  if (options.insecure) {
    curl.set(CURLOPT_SSL_VERIFYPEER, 0);
    curl.set(CURLOPT_SSL_VERIFYHOST, 0);
  }
  // The environment variables are curl's, not libcurl's: curl(1), "ENVIRONMENT".
  std::string trusted = options.cacert;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const char* value = std::getenv(name); trusted.empty() && value) trusted = value;
  }
  curl.set(CURLOPT_CAINFO, trusted);
  // -E takes "file:passphrase".
  std::string certificate = options.client_cert;
  const auto colon = certificate.rfind(':');
  if (colon != std::string::npos && access(certificate.c_str(), F_OK) != 0) {
    curl.set(CURLOPT_KEYPASSWD, certificate.substr(colon + 1));
    certificate.erase(colon);
  }
  curl.set(CURLOPT_SSLCERT, certificate);
  curl.set(CURLOPT_SSLKEY, options.client_key);
}

void set_limits(CurlHandle& curl, const Limits& limits, const http::ClientOptions& options) {
  const auto bounded = [](std::chrono::milliseconds limit, double seconds) {
    const long asked = static_cast<long>(seconds * 1000);
    return asked > 0 ? std::min<long>(asked, limit.count()) : limit.count();
  };
  curl.set(CURLOPT_CONNECTTIMEOUT_MS, bounded(limits.connect, options.connect_timeout_s));
  curl.set(CURLOPT_TIMEOUT_MS, bounded(limits.total, options.max_time_s));
  curl.set(CURLOPT_NOSIGNAL, 1);
}

}  // namespace locksmith::probe
