// Why no answer came back, in one fact and a hint. Pure: what libcurl observed goes in.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace locksmith::probe {

struct Failure {
  CURLcode code = CURLE_OK;
  std::string host;  // of the URL; nothing else of the URL is told
  int port = 0;
  std::string proxy;  // host name of the proxy, when one was named in the request's options
  std::vector<std::string> addresses;
  bool name_resolved = false, connected = false, request_sent = false;
  bool interrupted = false, too_many_headers = false;
  bool certificate_requested = false;  // TLS: the server asked for a client certificate …
  bool certificate_sent = false;       // … and the request's options named one
  int tls_alert = 0;                   // the fatal one that came, RFC 8446 appendix B.2; 0: none
  long verify_result = 0;              // OpenSSL's X509_V_ERR_…
  std::string tls_subject, tls_issuer, tls_expires;
  double seconds = 0;
};

Error explain(const Failure& failure);
// A line that libcurl prints of the TLS handshake ("* TLSv1.3 (IN), …"), as curl -v shows it.
void read_tls_line(std::string_view line, Failure& failure);
// What OpenSSL's code says of a certificate; empty when it finds no fault in the chain.
std::string certificate_fault(long verify_result);

}  // namespace locksmith::probe
