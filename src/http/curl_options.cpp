#include "http/curl_options.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

constexpr bool yes = true, no = false;
constexpr char none = '\0';

// clang-format off
// Name, letter, whether an argument follows: `curl --help all` of 7.88.1 and the table `aliases` in
// src/tool_getparam.c of curl 8 (August 2026), together, because people paste commands of any age.
// --help is without its argument: with or without, it sends nothing.
constexpr CurlOption options[] = {
    {"abstract-unix-socket", none, yes}, {"alpn", none, no}, {"alt-svc", none, yes},
    {"anyauth", none, no}, {"append", 'a', no}, {"aws-sigv4", none, yes}, {"basic", none, no},
    {"buffer", 'N', no}, {"ca-native", none, no}, {"cacert", none, yes}, {"capath", none, yes},
    {"cert", 'E', yes}, {"cert-status", none, no}, {"cert-type", none, yes},
    {"ciphers", none, yes}, {"clobber", none, no}, {"compressed", none, no},
    {"compressed-ssh", none, no}, {"config", 'K', yes}, {"connect-timeout", none, yes},
    {"connect-to", none, yes}, {"continue-at", 'C', yes}, {"cookie", 'b', yes},
    {"cookie-jar", 'c', yes}, {"create-dirs", none, no}, {"create-file-mode", none, yes},
    {"crlf", none, no}, {"crlfile", none, yes}, {"curves", none, yes}, {"data", 'd', yes},
    {"data-ascii", none, yes}, {"data-binary", none, yes}, {"data-raw", none, yes},
    {"data-urlencode", none, yes}, {"delegation", none, yes}, {"digest", none, no},
    {"disable", 'q', no}, {"disable-eprt", none, no}, {"disable-epsv", none, no},
    {"disallow-username-in-url", none, no}, {"dns-interface", none, yes},
    {"dns-ipv4-addr", none, yes}, {"dns-ipv6-addr", none, yes}, {"dns-servers", none, yes},
    {"doh-cert-status", none, no}, {"doh-insecure", none, no}, {"doh-url", none, yes},
    {"dump-ca-embed", none, no}, {"dump-header", 'D', yes}, {"ech", none, yes},
    {"egd-file", none, yes}, {"engine", none, yes}, {"eprt", none, no}, {"epsv", none, no},
    {"etag-compare", none, yes}, {"etag-save", none, yes}, {"expect100-timeout", none, yes},
    {"fail", 'f', no}, {"fail-early", none, no}, {"fail-with-body", none, no},
    {"false-start", none, no}, {"follow", none, no}, {"form", 'F', yes}, {"form-escape", none, no},
    {"form-string", none, yes}, {"ftp-account", none, yes}, {"ftp-alternative-to-user", none, yes},
    {"ftp-create-dirs", none, no}, {"ftp-method", none, yes}, {"ftp-pasv", none, no},
    {"ftp-port", 'P', yes}, {"ftp-pret", none, no}, {"ftp-skip-pasv-ip", none, no},
    {"ftp-ssl", none, no}, {"ftp-ssl-ccc", none, no}, {"ftp-ssl-ccc-mode", none, yes},
    {"ftp-ssl-control", none, no}, {"ftp-ssl-reqd", none, no}, {"get", 'G', no},
    {"globoff", 'g', no}, {"happy-eyeballs-timeout-ms", none, yes},
    {"haproxy-clientip", none, yes}, {"haproxy-protocol", none, no}, {"head", 'I', no},
    {"header", 'H', yes}, {"help", 'h', no}, {"hostpubmd5", none, yes},
    {"hostpubsha256", none, yes}, {"hsts", none, yes}, {"http0.9", none, no}, {"http1.0", '0', no},
    {"http1.1", none, no}, {"http2", none, no}, {"http2-prior-knowledge", none, no},
    {"http3", none, no}, {"http3-only", none, no}, {"httpsig-algo", none, yes},
    {"httpsig-headers", none, yes}, {"httpsig-key", none, yes}, {"httpsig-keyid", none, yes},
    {"ignore-content-length", none, no}, {"include", none, no}, {"insecure", 'k', no},
    {"interface", none, yes}, {"ip-tos", none, yes}, {"ipfs-gateway", none, yes},
    {"ipv4", '4', no}, {"ipv6", '6', no}, {"json", none, yes}, {"junk-session-cookies", 'j', no},
    {"keepalive", none, no}, {"keepalive-cnt", none, yes}, {"keepalive-time", none, yes},
    {"key", none, yes}, {"key-type", none, yes}, {"knownhosts", none, yes}, {"krb", none, yes},
    {"krb4", none, yes}, {"libcurl", none, yes}, {"limit-rate", none, yes}, {"list-only", 'l', no},
    {"local-port", none, yes}, {"location", 'L', no}, {"location-trusted", none, no},
    {"login-options", none, yes}, {"mail-auth", none, yes}, {"mail-from", none, yes},
    {"mail-rcpt", none, yes}, {"mail-rcpt-allowfails", none, no}, {"manual", 'M', no},
    {"max-filesize", none, yes}, {"max-redirs", none, yes}, {"max-time", 'm', yes},
    {"metalink", none, no}, {"mptcp", none, no}, {"negotiate", none, no}, {"netrc", 'n', no},
    {"netrc-file", none, yes}, {"netrc-optional", none, no}, {"next", ':', no},
    {"noproxy", none, yes}, {"npn", none, no}, {"ntlm", none, no}, {"ntlm-wb", none, no},
    {"oauth2-bearer", none, yes}, {"out-null", none, no}, {"output", 'o', yes},
    {"output-dir", none, yes}, {"parallel", 'Z', no}, {"parallel-immediate", none, no},
    {"parallel-max", none, yes}, {"parallel-max-host", none, yes}, {"pass", none, yes},
    {"path-as-is", none, no}, {"pinnedpubkey", none, yes}, {"post301", none, no},
    {"post302", none, no}, {"post303", none, no}, {"preproxy", none, yes},
    {"progress-bar", '#', no}, {"progress-meter", none, no}, {"proto", none, yes},
    {"proto-default", none, yes}, {"proto-redir", none, yes}, {"proxy", 'x', yes},
    {"proxy-anyauth", none, no}, {"proxy-basic", none, no}, {"proxy-ca-native", none, no},
    {"proxy-cacert", none, yes}, {"proxy-capath", none, yes}, {"proxy-cert", none, yes},
    {"proxy-cert-type", none, yes}, {"proxy-ciphers", none, yes}, {"proxy-crlfile", none, yes},
    {"proxy-digest", none, no}, {"proxy-header", none, yes}, {"proxy-http2", none, no},
    {"proxy-http3", none, no}, {"proxy-insecure", none, no}, {"proxy-key", none, yes},
    {"proxy-key-type", none, yes}, {"proxy-negotiate", none, no}, {"proxy-ntlm", none, no},
    {"proxy-pass", none, yes}, {"proxy-pinnedpubkey", none, yes},
    {"proxy-service-name", none, yes}, {"proxy-ssl-allow-beast", none, no},
    {"proxy-ssl-auto-client-cert", none, no}, {"proxy-tls13-ciphers", none, yes},
    {"proxy-tlsauthtype", none, yes}, {"proxy-tlspassword", none, yes},
    {"proxy-tlsuser", none, yes}, {"proxy-tlsv1", none, no}, {"proxy-user", 'U', yes},
    {"proxy1.0", none, yes}, {"proxytunnel", 'p', no}, {"pubkey", none, yes}, {"quote", 'Q', yes},
    {"random-file", none, yes}, {"range", 'r', yes}, {"rate", none, yes}, {"raw", none, no},
    {"referer", 'e', yes}, {"remote-header-name", 'J', no}, {"remote-name", 'O', no},
    {"remote-name-all", none, no}, {"remote-time", 'R', no}, {"remove-on-error", none, no},
    {"request", 'X', yes}, {"request-target", none, yes}, {"resolve", none, yes},
    {"retry", none, yes}, {"retry-all-errors", none, no}, {"retry-connrefused", none, no},
    {"retry-delay", none, yes}, {"retry-max-time", none, yes}, {"sasl-authzid", none, yes},
    {"sasl-ir", none, no}, {"service-name", none, yes}, {"sessionid", none, no},
    {"show-error", 'S', no}, {"show-headers", 'i', no}, {"sigalgs", none, yes},
    {"silent", 's', no}, {"skip-existing", none, no}, {"socks", none, yes}, {"socks4", none, yes},
    {"socks4a", none, yes}, {"socks5", none, yes}, {"socks5-basic", none, no},
    {"socks5-gssapi", none, no}, {"socks5-gssapi-nec", none, no},
    {"socks5-gssapi-service", none, yes}, {"socks5-hostname", none, yes},
    {"speed-limit", 'Y', yes}, {"speed-time", 'y', yes}, {"ssl", none, no},
    {"ssl-allow-beast", none, no}, {"ssl-auto-client-cert", none, no}, {"ssl-no-revoke", none, no},
    {"ssl-reqd", none, no}, {"ssl-revoke-best-effort", none, no}, {"ssl-sessions", none, yes},
    {"sslv2", '2', no}, {"sslv3", '3', no}, {"stderr", none, yes}, {"styled-output", none, no},
    {"suppress-connect-headers", none, no}, {"tcp-fastopen", none, no}, {"tcp-nodelay", none, no},
    {"telnet-option", 't', yes}, {"tftp-blksize", none, yes}, {"tftp-no-options", none, no},
    {"time-cond", 'z', yes}, {"tls-earlydata", none, no}, {"tls-max", none, yes},
    {"tls13-ciphers", none, yes}, {"tlsauthtype", none, yes}, {"tlspassword", none, yes},
    {"tlsuser", none, yes}, {"tlsv1", '1', no}, {"tlsv1.0", none, no}, {"tlsv1.1", none, no},
    {"tlsv1.2", none, no}, {"tlsv1.3", none, no}, {"tr-encoding", none, no}, {"trace", none, yes},
    {"trace-ascii", none, yes}, {"trace-config", none, yes}, {"trace-ids", none, no},
    {"trace-time", none, no}, {"unix-socket", none, yes}, {"upload-file", 'T', yes},
    {"upload-flags", none, yes}, {"url", none, yes}, {"url-query", none, yes},
    {"use-ascii", 'B', no}, {"user", 'u', yes}, {"user-agent", 'A', yes}, {"variable", none, yes},
    {"verbose", 'v', no}, {"version", 'V', no}, {"vlan-priority", none, yes},
    {"write-out", 'w', yes}, {"xattr", none, no},
};
// clang-format on

const CurlOption* find_exactly(std::string_view name) {
  const auto hit = std::ranges::lower_bound(options, name, {}, &CurlOption::name);
  return hit != std::end(options) && hit->name == name ? &*hit : nullptr;
}

const CurlOption* find_abbreviation(std::string_view name) {
  const std::string lower = base::lower(name);
  const auto begins_so = [&](const CurlOption& o) { return o.name.starts_with(lower); };
  const auto first = std::ranges::find_if(options, begins_so);
  if (name.empty() || first == std::end(options)) return nullptr;
  if (first->name == lower) return &*first;
  const bool unique = std::find_if(first + 1, std::end(options), begins_so) == std::end(options);
  return unique ? &*first : nullptr;
}

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::span<const CurlOption> curl_options() { return options; }

const CurlOption* find_short_option(char letter) {
  const auto hit = std::ranges::find(options, letter, &CurlOption::letter);
  return letter != none && hit != std::end(options) ? &*hit : nullptr;
}

std::optional<LongOption> find_long_option(std::string_view text) {
  LongOption found{};
  found.on = !strip_prefix(text, "no-");
  found.expand = found.on && strip_prefix(text, "expand-");
  if (const auto equals = text.find('='); equals != std::string_view::npos) {
    found.argument = text.substr(equals + 1);
    text = text.substr(0, equals);
  }
  found.option = find_exactly(text);
  if (!found.option) found.option = find_abbreviation(text);
  // Only what can be on can be off.
  if (!found.option || (!found.on && found.option->takes_argument)) return {};
  return found;
}

}  // namespace locksmith::http
