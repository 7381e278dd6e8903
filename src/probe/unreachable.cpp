// One table from libcurl's codes to what a person can do about them.
#include "probe/unreachable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace locksmith::probe {
namespace {

struct Row {
  CURLcode code;
  std::string_view fact;  // {peer}: host and port, {host}, {proxy}, {addresses}
  std::string_view hint;
};

constexpr std::string_view proxy_hint =
    "check http_proxy, https_proxy, ALL_PROXY and -x: the name there is wrong or not known here";

// https://curl.se/libcurl/c/libcurl-errors.html
constexpr std::array rows = {
    Row{CURLE_COULDNT_RESOLVE_HOST, "the host name {host} does not resolve",
        "check the spelling of the base URL, and whether a VPN or a private DNS is needed"},
    Row{CURLE_COULDNT_RESOLVE_PROXY, "the host name of the proxy{proxy} does not resolve",
        proxy_hint},
    Row{CURLE_COULDNT_CONNECT, "{peer} accepts no connection{addresses}",
        "check the port and whether the server is running; a firewall can refuse in its place"},
    Row{CURLE_PROXY, "the proxy{proxy} did not make a connection to {peer}", proxy_hint},
    Row{CURLE_GOT_NOTHING, "{peer} closed the connection without an answer",
        "a server that expects TLS does this to http://, a firewall to what it dislikes"},
    Row{CURLE_WEIRD_SERVER_REPLY, "{peer} answered with something that is not HTTP",
        "check the port: another service listens there"},
    Row{CURLE_UNSUPPORTED_PROTOCOL, "{peer} answered with something that is not HTTP",
        "check the port and the scheme: only http:// and https:// can be probed"},
    Row{CURLE_HTTP2, "{peer} broke the rules of HTTP/2", "try again with --http1.1"},
    Row{CURLE_HTTP2_STREAM, "{peer} broke off the HTTP/2 stream", "try again with --http1.1"},
    Row{CURLE_SEND_ERROR, "the connection to {peer} broke while the request was sent", "try again"},
    Row{CURLE_RECV_ERROR, "the connection to {peer} broke before an answer was complete",
        "try again"},
    Row{CURLE_SSL_CONNECT_ERROR, "{peer} does not speak TLS, or none that this machine accepts",
        "check the port; a server that speaks plain http fails like this under https://"},
    Row{CURLE_SSL_CERTPROBLEM, "the client certificate or its key cannot be used",
        "check --cert and --key: path, format, passphrase, and that they belong together"},
    Row{CURLE_SSL_CACERT_BADFILE, "the file of trusted certificates cannot be read",
        "check --cacert, CURL_CA_BUNDLE and SSL_CERT_FILE"},
    Row{CURLE_INTERFACE_FAILED, "the network interface of the request does not exist here",
        "leave out --interface"},
};

std::string peer_of(const Failure& failure) {
  return fmt::format("{} port {}", base::printable(failure.host), failure.port);
}

std::string seconds_of(const Failure& failure) { return fmt::format("{:.1f} s", failure.seconds); }

Error timed_out(const Failure& failure) {
  const std::string peer = peer_of(failure);
  if (failure.request_sent) {
    return {
        ErrorCode::unreachable,
        fmt::format("{} took the request and sent no answer within {}", peer, seconds_of(failure)),
        "the server or a hop in front of it hangs; this is not about the key"};
  }
  if (failure.connected) {
    return {ErrorCode::unreachable,
            fmt::format("{} took the connection, but TLS was not done within {}", peer,
                        seconds_of(failure)),
            "check the port and any proxy or firewall on the way"};
  }
  if (!failure.name_resolved) {
    return {ErrorCode::unreachable,
            fmt::format("the name server had no answer for {} within {}",
                        base::printable(failure.host), seconds_of(failure)),
            "check the network connection of this machine"};
  }
  return {ErrorCode::unreachable,
          fmt::format("no connection to {} within {}", peer, seconds_of(failure)),
          "a firewall drops the packets, or the way leads through a proxy or VPN that is not set "
          "up here"};
}

Error certificate_refused(const Failure& failure) {
  // Without a fault in the chain it is the name that does not fit: libcurl checks names itself.
  std::string fault = certificate_fault(failure.verify_result);
  if (fault.empty()) fault = "was made out for another host name";
  std::string fact = fmt::format("the TLS certificate of {} {}", peer_of(failure), fault);
  if (!failure.tls_issuer.empty())
    fact += fmt::format("; its issuer is '{}'", base::printable(failure.tls_issuer));
  if (!failure.tls_subject.empty())
    fact += fmt::format(", its subject '{}'", base::printable(failure.tls_subject));
  if (!failure.tls_expires.empty())
    fact += fmt::format(", it ends on {}", base::printable(failure.tls_expires));
  return {
      ErrorCode::unreachable, std::move(fact),
      "an issuer that is your company or a security product means that it intercepts TLS: add its "
      "certificate with --cacert; otherwise this may not be the server you mean"};
}

// RFC 8446 appendix B.2. Of these only the first says it outright; the others are about a client
// certificate when the server asked for one. handshake_failure is what TLS 1.2 has in its place
// (RFC 5246 section 7.4.6).
constexpr int certificate_required = 116;
constexpr std::array certificate_alerts = {40, 41, 42, 43, 44, 45, 46, 48, 49};

// Whether the handshake failed for want of a client certificate that the server takes. Who closes
// the connection at once may do so before the alert was read.
bool wants_certificate(const Failure& failure) {
  if (failure.tls_alert == certificate_required) return true;
  if (!failure.certificate_requested) return false;
  if (failure.tls_alert != 0) {
    return std::ranges::find(certificate_alerts, failure.tls_alert) != certificate_alerts.end();
  }
  constexpr std::array broken = {CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
                                 CURLE_GOT_NOTHING};
  return !failure.certificate_sent && std::ranges::find(broken, failure.code) != broken.end();
}

Error certificate_wanted(const Failure& failure) {
  const std::string peer = peer_of(failure);
  if (failure.certificate_sent) {
    return {ErrorCode::certificate_wanted,
            fmt::format("{} did not take the client certificate and ended the TLS handshake", peer),
            "check that --cert is signed by the authority that the server trusts, and not expired"};
  }
  return {ErrorCode::certificate_wanted,
          fmt::format("{} asked for a client certificate, got none, and ended the connection "
                      "before any HTTP answer",
                      peer),
          "add --cert and --key"};
}

void replace(std::string& text, std::string_view name, std::string_view value) {
  if (const auto at = text.find(name); at != std::string::npos)
    text.replace(at, name.size(), value);
}

}  // namespace

std::string certificate_fault(long verify_result) {
  switch (verify_result) {  // openssl/x509_vfy.h; verify(1) "Diagnostics"
    case 0:
    case 1:
      return "";  // unspecified: the chain is not what was refused
    case 9:
      return "is not valid yet";
    case 10:
      return "has expired";
    case 18:
      return "is self-signed";
    case 19:
      return "comes from a self-signed authority that this machine does not trust";
    case 2:
    case 20:
    case 21:
      return "comes from an issuer that this machine does not trust";
    case 23:
      return "was revoked";
    case 62:
    case 64:
      return "was made out for another host name";
    default:
      return fmt::format("cannot be verified (X.509 error {})", verify_result);
  }
}

void read_tls_line(std::string_view line, Failure& failure) {
  // "TLSv1.3 (IN), TLS handshake, Request CERT (13):", "TLSv1.2 (IN), TLS alert, … (552):": the
  // number of an alert is its level (2: fatal) times 256 and its description.
  if (!line.contains("(IN), TLS ")) return;
  if (line.contains("Request CERT (13)")) failure.certificate_requested = true;
  const auto open = line.rfind('(');
  if (!line.contains("TLS alert") || open == std::string_view::npos) return;
  int number = 0;
  std::from_chars(line.data() + open + 1, line.data() + line.size(), number);
  constexpr int fatal = 2;
  if (number / 256 == fatal) failure.tls_alert = number % 256;
}

Error explain(const Failure& failure) {
  if (failure.interrupted) return {ErrorCode::unreachable, "interrupted", ""};
  if (failure.too_many_headers) {
    return {ErrorCode::unreachable,
            peer_of(failure) + " sends more response headers than any client reads",
            "a server or hop on the way is broken"};
  }
  if (wants_certificate(failure)) return certificate_wanted(failure);
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return timed_out(failure);
  if (failure.code == CURLE_PEER_FAILED_VERIFICATION) return certificate_refused(failure);
  if (failure.code == CURLE_URL_MALFORMAT) {
    return {ErrorCode::usage, "the URL is not one that can be requested",
            "look for a space, a line break or a missing host name in it"};
  }
  const auto row = std::ranges::find(rows, failure.code, &Row::code);
  if (row == rows.end()) {
    return {ErrorCode::unreachable,
            fmt::format("no answer from {} (libcurl error {})", peer_of(failure),
                        static_cast<int>(failure.code)),
            "curl -v to the same host shows more"};
  }
  Error error{ErrorCode::unreachable, std::string(row->fact), std::string(row->hint)};
  replace(error.message, "{peer}", peer_of(failure));
  replace(error.message, "{host}", base::printable(failure.host));
  replace(error.message, "{proxy}",
          failure.proxy.empty() ? "" : " " + base::printable(failure.proxy));
  replace(error.message, "{addresses}",
          failure.addresses.empty()
              ? ""
              : fmt::format(" (tried {})", fmt::join(failure.addresses, ", ")));
  return error;
}

}  // namespace locksmith::probe
