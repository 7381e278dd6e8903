// What each option of curl means, as a table. An option that is not in it changes nothing that an
// API could refuse: output, progress, retries, other protocols.
#include <charconv>
#include <unordered_map>
#include <variant>

#include "http/curl_config.hpp"
#include "http/curl_reader.hpp"

namespace locksmith::http {
namespace {

using Flag = bool ClientOptions::*;
using Text = std::string ClientOptions::*;
using List = std::vector<std::string> ClientOptions::*;
using Number = double ClientOptions::*;
using StateFlag = bool CurlState::*;
using StateText = std::optional<std::string> CurlState::*;
using Action = void (*)(CurlState&, std::string_view argument, bool on);
using Effect = std::variant<Flag, Text, List, Number, StateFlag, StateText, Action>;

void set_data(CurlState& state, DataKind kind, std::string_view argument) {
  const std::string piece =
      data_piece(kind, argument, [&](const std::string& p) { return state.content_of(p); });
  std::string& data = state.data ? *state.data : state.data.emplace();
  if (!data.empty() && kind != DataKind::json) data += '&';
  data += piece;
  state.json = state.json || kind == DataKind::json;
}

template <DataKind kind>
void add_data(CurlState& state, std::string_view argument, bool) {
  set_data(state, kind, argument);
}

template <bool literal>
void add_form(CurlState& state, std::string_view argument, bool) {
  state.form +=
      form_part(argument, literal, [&](const std::string& p) { return state.content_of(p); });
}

void add_header(CurlState& state, std::string_view argument, bool) {
  if (!argument.starts_with('@')) {
    state.header_lines.emplace_back(argument);
    return;
  }
  const std::string content = state.content_of(std::string(argument.substr(1)));
  for (const std::string_view line : content_lines(content)) state.header_lines.emplace_back(line);
}

// curl(1) -b: data when it contains '=', otherwise the name of a file.
void add_cookie(CurlState& state, std::string_view argument, bool) {
  if (argument.empty()) return;  // only turns the cookie engine on
  if (argument.starts_with('@') || !argument.contains('=')) {
    state.note(Note::Kind::cookie_file,
               "-b without a '=' names a cookie file; the cookies in it are not known");
    return;
  }
  if (!state.cookies.empty()) state.cookies += ';';
  state.cookies += argument;
}

// -E certificate[:password], where "\:" is a colon of the name (curl(1) --cert).
void set_certificate(CurlState& state, std::string_view argument, bool) {
  ClientOptions& options = state.command.options;
  options.client_cert.clear();
  const bool pkcs11 = argument.starts_with("pkcs11:");  // RFC 7512: colons belong to it
  for (std::size_t i = 0; i < argument.size(); ++i) {
    const bool escapes = argument[i] == '\\' && i + 1 < argument.size() &&
                         (argument[i + 1] == ':' || argument[i + 1] == '\\');
    if (argument[i] == ':' && !pkcs11) {
      options.key_password = argument.substr(i + 1);
      return;
    }
    options.client_cert += argument[escapes ? ++i : i];
  }
}

// curl(1) --url-query: like --data-urlencode, but a leading '+' leaves the rest as it is.
void add_url_query(CurlState& state, std::string_view argument, bool) {
  const std::string piece =
      argument.starts_with('+')
          ? std::string(argument.substr(1))
          : data_piece(DataKind::urlencode, argument,
                       [&](const std::string& p) { return state.content_of(p); });
  state.url_query = state.url_query ? *state.url_query + "&" + piece : piece;
}

void set_netrc_file(CurlState& state, std::string_view argument, bool) {
  state.command.options.netrc_file = argument;
  state.command.options.use_netrc = true;
}

void trust_location(CurlState& state, std::string_view, bool on) {
  state.command.options.trust_location = on;
  state.command.options.follow_redirects = on;
}

void set_bearer(CurlState& state, std::string_view argument, bool) { state.bearer = argument; }
void set_method(CurlState& state, std::string_view argument, bool) { state.method = argument; }
void add_url(CurlState& state, std::string_view argument, bool) {
  state.urls.emplace_back(argument);
}
void end_operation(CurlState& state, std::string_view, bool) { state.ended = true; }
void set_scheme(CurlState& state, std::string_view argument, bool) {
  state.default_scheme = argument;
}

template <int version>
void set_ip_version(CurlState& state, std::string_view, bool) {
  state.command.options.ip_version = version;
}

#define SET_TEXT(function, member, value) \
  void function(CurlState& state, std::string_view, bool) { state.command.options.member = value; }
SET_TEXT(http_1_0, http_version, "1.0")
SET_TEXT(http_1_1, http_version, "1.1")
SET_TEXT(http_2, http_version, "2")
SET_TEXT(http_3, http_version, "3")
SET_TEXT(auth_basic, authentication, "")
SET_TEXT(auth_digest, authentication, "digest")
SET_TEXT(auth_ntlm, authentication, "ntlm")
SET_TEXT(auth_negotiate, authentication, "negotiate")
SET_TEXT(auth_any, authentication, "any")
#undef SET_TEXT

// A SOCKS option is a proxy whose scheme is the option's (curl(1) --socks5-hostname).
void set_socks(CurlState& state, std::string_view scheme, std::string_view argument) {
  const bool complete = argument.contains("://");
  state.command.options.proxy =
      complete ? std::string(argument) : std::string(scheme) + std::string(argument);
}
void socks4(CurlState& state, std::string_view argument, bool) {
  set_socks(state, "socks4://", argument);
}
void socks4a(CurlState& state, std::string_view argument, bool) {
  set_socks(state, "socks4a://", argument);
}
void socks5(CurlState& state, std::string_view argument, bool) {
  set_socks(state, "socks5://", argument);
}
void socks5h(CurlState& state, std::string_view argument, bool) {
  set_socks(state, "socks5h://", argument);
}

const std::unordered_map<std::string_view, Effect>& effects() {
  using O = ClientOptions;
  static const std::unordered_map<std::string_view, Effect> table{
      {"url", add_url},
      {"next", end_operation},
      {"header", add_header},
      {"user", &O::user},
      {"oauth2-bearer", set_bearer},
      {"aws-sigv4", &O::aws_sigv4},
      {"basic", auth_basic},
      {"digest", auth_digest},
      {"ntlm", auth_ntlm},
      {"ntlm-wb", auth_ntlm},
      {"negotiate", auth_negotiate},
      {"anyauth", auth_any},
      {"netrc", &O::use_netrc},
      {"netrc-optional", &O::use_netrc},
      {"netrc-file", set_netrc_file},
      {"cookie", add_cookie},
      {"user-agent", &CurlState::user_agent},
      {"referer", &CurlState::referer},
      {"range", &CurlState::range},
      {"request", set_method},
      {"get", &CurlState::get},
      {"head", &CurlState::head},
      {"data", add_data<DataKind::ascii>},
      {"data-ascii", add_data<DataKind::ascii>},
      {"data-raw", add_data<DataKind::raw>},
      {"data-binary", add_data<DataKind::binary>},
      {"data-urlencode", add_data<DataKind::urlencode>},
      {"json", add_data<DataKind::json>},
      {"form", add_form<false>},
      {"form-string", add_form<true>},
      {"upload-file", &CurlState::upload},
      {"url-query", add_url_query},
      {"request-target", &CurlState::request_target},
      {"proto-default", set_scheme},
      {"location", &O::follow_redirects},
      {"follow", &O::follow_redirects},
      {"location-trusted", trust_location},
      {"insecure", &O::insecure},
      {"proxy", &O::proxy},
      {"proxy1.0", &O::proxy},
      {"socks", socks5},
      {"socks4", socks4},
      {"socks4a", socks4a},
      {"socks5", socks5},
      {"socks5-hostname", socks5h},
      {"proxy-user", &O::proxy_user},
      {"noproxy", &O::noproxy},
      {"http1.0", http_1_0},
      {"http1.1", http_1_1},
      {"http2", http_2},
      {"http2-prior-knowledge", http_2},
      {"http3", http_3},
      {"http3-only", http_3},
      {"cacert", &O::cacert},
      {"cert", set_certificate},
      {"key", &O::client_key},
      {"pass", &O::key_password},
      {"unix-socket", &O::unix_socket},
      {"interface", &O::interface},
      {"resolve", &O::resolve},
      {"connect-to", &O::connect_to},
      {"max-time", &O::max_time_s},
      {"connect-timeout", &O::connect_timeout_s},
      {"ipv4", set_ip_version<4>},
      {"ipv6", set_ip_version<6>},
      {"compressed", &O::compressed},
  };
  return table;
}

struct Apply {
  CurlState& state;
  std::string_view argument;
  bool on;

  ClientOptions& options() const { return state.command.options; }
  void operator()(Flag member) const { options().*member = on; }
  void operator()(Text member) const { options().*member = argument; }
  void operator()(List member) const { (options().*member).emplace_back(argument); }
  void operator()(Number member) const {
    double value = 0;
    std::from_chars(argument.data(), argument.data() + argument.size(), value);
    options().*member = value;
  }
  void operator()(StateFlag member) const { state.*member = on; }
  void operator()(StateText member) const { state.*member = std::string(argument); }
  void operator()(Action action) const { action(state, argument, on); }
};

}  // namespace

void apply_option(CurlState& state, std::string_view name, std::string_view argument, bool on) {
  const auto effect = effects().find(name);
  if (effect != effects().end()) std::visit(Apply{state, argument, on}, effect->second);
}

}  // namespace locksmith::http
