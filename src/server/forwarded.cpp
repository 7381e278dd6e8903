// X-Forwarded-For and Forwarded are read from the right: each proxy appends the peer that it saw
// itself, so what stands left of the first untrusted address is that client's own invention.
#include "server/forwarded.hpp"

#include <algorithm>
#include <ranges>

#include "base/text.hpp"
#include "server/forwarded_element.hpp"

namespace locksmith::server {
namespace {

bool within(const authority::Address& address, Proxies proxies) {
  return std::ranges::any_of(proxies, [&](const auto& block) { return block.contains(address); });
}

// "192.0.2.7", "192.0.2.7:1234", "2001:db8::7", "[2001:db8::7]:1234".
std::optional<authority::Address> element(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('[')) {
    if (const auto bracket = text.find(']'); bracket != text.npos)
      text = text.substr(0, bracket + 1);
  } else if (const auto colon = text.find(':');
             colon != text.npos && text.find(':', colon + 1) == text.npos) {
    text = text.substr(0, colon);
  }
  return authority::parse_address(text);
}

// Takes the last element off `list`.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto last = comma == list.npos ? list : list.substr(comma + 1);
  list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
  return last;
}

const authority::Address loopback = *authority::parse_address("::1");

bool is_loopback(const authority::Address& address) {
  static const auto v4 = *authority::parse_cidr("127.0.0.0/8");
  return v4.contains(address) || address == loopback;
}

bool is_path(std::string_view target) { return target.starts_with('/'); }

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon == host.npos || host.ends_with(']') ? host : host.substr(0, colon);
}

}  // namespace

bool is_trusted(const RequestView& request, Proxies proxies) {
  return request.unix_socket || within(request.peer, proxies);
}

std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    if (end == query.npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

constexpr std::array<std::string_view, Testimony::names> Testimony::spelled{"Host",
                                                                            "Forwarded",
                                                                            "X-Original-URI",
                                                                            "X-Original-URL",
                                                                            "X-Forwarded-For",
                                                                            "X-Forwarded-Uri",
                                                                            "X-Forwarded-Host",
                                                                            "X-Forwarded-Proto",
                                                                            "X-Original-Method",
                                                                            "X-Forwarded-Method"};

Testimony::Testimony(const RequestView& request, Proxies proxies)
    : request_(request), proxies_(proxies), believed_(is_trusted(request, proxies)) {
  if (believed_) read();
}

void Testimony::read() {
  // Where the names of each length begin.
  static constexpr auto begin = [] {
    static_assert(std::ranges::is_sorted(spelled, {}, &std::string_view::size));
    std::array<std::uint8_t, spelled.back().size() + 2> at{};
    for (std::size_t size = 0; size < at.size(); ++size)
      while (at[size] < names && spelled[at[size]].size() < size) ++at[size];
    return at;
  }();
  for (const auto& field : request_.headers) {
    const auto size = field.name.size();
    if (size + 1 >= begin.size()) continue;
    for (std::size_t name = begin[size]; name < begin[size + 1]; ++name) {
      if (!base::equals_ignoring_case(field.name, spelled[name])) continue;
      said_[name].value = field.value;
      ++said_[name].times;
    }
  }
  if (said_[forwarded].is_there()) told_ = last_forwarded();
}

authority::Address Testimony::listed_client() const {
  authority::Address leftmost;  // all of them are proxies: the first of them is where it began
  for (const auto& field : request_.headers | std::views::reverse) {
    if (!is_named(field, spelled[forwarded_for])) continue;
    std::string_view list = field.value;
    while (!list.empty()) {
      const auto address = element(take_last(list));
      if (!address) return {};
      if (!within(*address, proxies_)) return *address;
      leftmost = *address;
    }
  }
  return leftmost;
}

std::optional<Testimony::Told> Testimony::last_forwarded() const {
  std::optional<Told> told;
  for (const auto& field : request_.headers | std::views::reverse) {
    if (!is_named(field, spelled[forwarded])) continue;
    std::string_view list = field.value;
    do {
      const auto said = parse_forwarded_element(take_last_forwarded(list));
      if (!said) return Told{};
      const auto address = element(said->node);
      told = {address.value_or(authority::Address{}), said->proto, said->host};
      if (!address || !within(*address, proxies_)) return told;
    } while (!list.empty());
  }
  return told;
}

bool Testimony::came_over_tls() const {
  const auto& header = said_[forwarded_proto];
  const bool has_proto = told_ && !told_->proto.empty();
  if (header.is_there() && !base::equals_ignoring_case(header.only(), "https")) return false;
  if (has_proto && !base::equals_ignoring_case(told_->proto, "https")) return false;
  if (header.is_there() || has_proto) return true;
  // Whoever asks for a client and does not say how it came: not over TLS, as far as is known.
  if (said_[forwarded_for].is_there() || told_) return false;
  return request_.unix_socket || is_loopback(request_.peer);
}

void Testimony::tell_client(Without header, authority::Request& out) const {
  if (!believed_) {
    out.client = request_.peer;
    out.secure = is_loopback(request_.peer);
    return;
  }
  const bool listed = said_[forwarded_for].is_there();
  if (listed) {
    out.client = listed_client();
  } else if (told_) {
    out.client = told_->client;
  } else if (header == Without::peer) {
    out.client = request_.peer;
  }
  if (listed && told_ && out.client != told_->client) {
    out.client = {};
    out.guesser = request_.peer.known() ? request_.peer : loopback;
  }
  out.secure = came_over_tls();
}

std::optional<Original> Testimony::of_others() const {
  Original original{said_[forwarded_method].only(), said_[forwarded_host].only(),
                    said_[forwarded_uri].only()};
  if (!told_ || told_->host.empty()) return original;
  if (!said_[forwarded_host].is_there()) {
    original.host = told_->host;
  } else if (!base::equals_ignoring_case(without_port(original.host), without_port(told_->host))) {
    return {};
  }
  return original;
}

std::optional<Original> Testimony::of_nginx() const {
  Original original{said_[original_method].only(), said_[host].only(), {}, true};
  const auto &uri = said_[original_uri], &url = said_[original_url];
  if (uri.times + url.times != 1) return {};
  original.target = uri.is_there() ? uri.value : url.value;
  // ingress-nginx sends the whole URL.
  if (const auto scheme = original.target.find("://"); !is_path(original.target)) {
    if (scheme == original.target.npos) return {};
    const auto slash = original.target.find('/', scheme + 3);
    original.target = slash == original.target.npos ? "/" : original.target.substr(slash);
  }
  return original;
}

std::optional<Original> Testimony::original_request() const {
  std::optional<Original> original;
  if (request_.path() != forward_auth_path) {
    original = Original{request_.method, said_[host].only(),
                        request_.target.substr(forward_auth_path.size())};
  } else if (parameter(request_.query(), "proxy") == "nginx") {
    original = of_nginx();
  } else {
    original = of_others();
  }
  if (!original || original->method.empty() || !is_path(original->target)) return {};
  return original;
}

}  // namespace locksmith::server
