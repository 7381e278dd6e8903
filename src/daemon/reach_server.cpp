// A running authority, over libcurl. The administrator's key goes to that server alone: no
// redirect is followed, and plain HTTP goes no further than this machine.
#include <fmt/format.h>

#include <string_view>

#include "base/text.hpp"
#include "daemon/reach.hpp"
#include "keyring/key_source.hpp"
#include "probe/curl_handle.hpp"

namespace locksmith::daemon {
namespace {

constexpr long connect_timeout_ms = 5000, timeout_ms = 120'000;
constexpr std::size_t largest_answer = 64 << 20;

std::size_t append(const char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  const std::size_t bytes = size * count;
  if (body.size() + bytes > largest_answer) return 0;
  body.append(data, bytes);
  return bytes;
}

struct Place {
  std::string base;    // "https://keys.example.com"
  std::string socket;  // path; empty: none
};

bool is_loopback(std::string_view authority) {
  const std::size_t end =
      authority.starts_with('[') ? authority.find(']') + 1 : authority.find_first_of(":/");
  const std::string_view host = authority.substr(0, end);
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

Result<Place> place_of(std::string url) {
  if (url.starts_with("unix:")) return Place{"http://localhost", url.substr(5)};
  while (url.ends_with('/')) url.pop_back();
  if (url.starts_with("https://")) return Place{url, ""};
  if (!url.starts_with("http://")) {
    return fail(
        ErrorCode::usage, fmt::format("--server {} is not an address", url),
        "such as https://keys.example.com, http://127.0.0.1:7331, unix:/run/locksmith.sock");
  }
  if (url.find('@') != url.npos || !is_loopback(std::string_view(url).substr(7))) {
    return fail(ErrorCode::usage,
                "the administrator's key is not sent over plain HTTP to another machine",
                "use https://, or a tunnel to this machine");
  }
  return Place{url, ""};
}

Result<base::Secret> admin_key(const std::string& source) {
  const bool by_default = source.empty();
  if (by_default && !std::getenv("LOCKSMITH_ADMIN_KEY")) {
    return fail(ErrorCode::usage, "an administrator's key is needed",
                "put it into LOCKSMITH_ADMIN_KEY, or say --admin-key file:PATH");
  }
  auto found = keyring::find_key(by_default ? "env:LOCKSMITH_ADMIN_KEY" : source);
  if (!found) return std::unexpected(found.error());
  if (found->in_arguments) {
    return fail(ErrorCode::usage, "--admin-key names where the key is, it is not the key",
                "the command line is seen by others: use file:PATH or env:NAME");
  }
  return base::Secret(std::string(base::trim(found->value.reveal())));
}

class ServerAuthority final : public Authority {
 public:
  ServerAuthority(const probe::CurlLibrary& curl, Place place, base::Secret key)
      : curl_(curl), place_(std::move(place)), key_(std::move(key)) {}

 protected:
  Result<Reply> send(std::string_view method, const std::string& target,
                     const std::string& body) override {
    probe::CurlHandle handle(curl_);
    const std::string url = place_.base + target, verb(method);
    Reply reply;
    handle.set(CURLOPT_URL, url);
    handle.set(CURLOPT_UNIX_SOCKET_PATH, place_.socket);
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
    if (place_.base.starts_with("http://")) handle.set(CURLOPT_PROXY, "");
    handle.set(CURLOPT_NOSIGNAL, 1);
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    handle.set(CURLOPT_TIMEOUT_MS, timeout_ms);
    if (method != "GET") {
      handle.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      handle.set(CURLOPT_POSTFIELDS, body.c_str());
      handle.set(CURLOPT_CUSTOMREQUEST, verb);
    }
    handle.set_list(CURLOPT_HTTPHEADER,
                    {"Authorization: Bearer " + key_.reveal(), "Content-Type: application/json",
                     "User-Agent: locksmith/" LOCKSMITH_VERSION, "Expect:"});
    handle.set(CURLOPT_WRITEFUNCTION, &append);
    handle.set(CURLOPT_WRITEDATA, static_cast<void*>(&reply.body));
    const CURLcode code = handle.refused_option() ? *handle.refused_option() : handle.perform();
    if (code != CURLE_OK) return unreachable(code);
    reply.status = static_cast<int>(handle.get<long>(CURLINFO_RESPONSE_CODE));
    return reply;
  }

 private:
  std::unexpected<Error> unreachable(CURLcode code) const {
    const std::string where = place_.socket.empty() ? place_.base : "unix:" + place_.socket;
    const bool tls = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR;
    const std::string_view what = code == CURLE_COULDNT_CONNECT        ? "nobody listens there"
                                  : code == CURLE_COULDNT_RESOLVE_HOST ? "its name is not known"
                                  : code == CURLE_OPERATION_TIMEDOUT   ? "no answer in time"
                                  : tls ? "its certificate is not trusted"
                                        : "the connection failed";
    return fail(
        ErrorCode::unreachable,
        fmt::format("cannot reach {}: {} (libcurl {})", where, what, static_cast<int>(code)),
        "is `locksmith serve` running? Without it: --config locksmith.toml");
  }

  const probe::CurlLibrary& curl_;
  Place place_;
  base::Secret key_;
};

}  // namespace

Result<std::unique_ptr<Authority>> reach_server(const std::string& url, const std::string& source) {
  auto place = place_of(url);
  if (!place) return std::unexpected(place.error());
  auto key = admin_key(source);
  if (!key) return std::unexpected(key.error());
  const auto curl = probe::curl_library();
  if (!curl) {
    return fail(ErrorCode::unreadable, "libcurl 7.85 or newer is not installed",
                "install libcurl4, or work on the store itself: --config locksmith.toml");
  }
  return std::make_unique<ServerAuthority>(**curl, std::move(*place), std::move(*key));
}

}  // namespace locksmith::daemon
