#include "authority/keys_file.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <span>

#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> states{"active", "revoked", "rotated", "leaked"};

void put(json::object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}
void put(json::object& out, std::string_view name, const std::optional<base::Time>& time) {
  if (time) out[name] = base::format_rfc3339(*time);
}
void put(json::object& out, std::string_view name, const std::vector<std::string>& list) {
  if (!list.empty()) out[name] = json::value_from(list);
}
void put_metadata(json::object& out, const std::string& metadata) {
  boost::system::error_code error;
  json::value value = json::parse(metadata, error);
  if (!error && value.is_object()) out["metadata"] = std::move(value);
}
void put(json::object& out, const std::optional<Rate>& rate) {
  if (!rate) return;
  out["rate"] = {{"requests", rate->requests},
                 {"period_seconds", rate->period.count()},
                 {"burst", rate->burst}};
}

// Reads the fields of one line; what is asked for and of the wrong type is a fault, and so is what
// nobody asked for.
class Line {
 public:
  explicit Line(json::object object) : object_(std::move(object)) {}

  std::string text(std::string_view name) {
    const json::value value = take(name);
    if (value.is_null()) return {};
    if (const auto* text = value.if_string()) return std::string(*text);
    return wrong(name), std::string();
  }
  std::optional<base::Time> time(std::string_view name) {
    const std::string written = text(name);
    if (written.empty()) return {};
    const auto time = base::parse_rfc3339(written);
    if (!time) wrong(name);
    return time;
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> out;
    const json::value value = take(name);
    if (value.is_null()) return out;
    if (!value.is_array()) return wrong(name), out;
    for (const json::value& item : value.get_array()) {
      if (item.is_string())
        out.emplace_back(item.get_string());
      else
        wrong(name);
    }
    return out;
  }
  std::uint64_t number(std::string_view name, std::uint64_t most) {
    const json::value value = take(name);
    if (value.is_null()) return 0;
    boost::system::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    if (error || number > most) return wrong(name), 0;
    return number;
  }
  // A text of `choice`, by its position; 0 when it is missing.
  std::size_t one_of(std::string_view name, std::span<const std::string_view> choice) {
    const std::string word = text(name);
    if (word.empty()) return 0;
    for (std::size_t i = 0; i < choice.size(); ++i) {
      if (choice[i] == word) return i;
    }
    return wrong(name), 0;
  }
  std::optional<Line> object(std::string_view name) {
    json::value value = take(name);
    if (value.is_object()) return Line(std::move(value.get_object()));
    if (!value.is_null()) wrong(name);
    return {};
  }
  std::string metadata() {
    const json::value value = take("metadata");
    return value.is_object() && !value.get_object().empty() ? json::serialize(value)
                                                            : std::string();
  }
  bool has(std::string_view name) const { return object_.contains(name); }
  void absorb(Line& inner) {
    inner.finish();
    if (fault_.empty()) fault_ = inner.fault_;
  }
  void wrong(std::string_view name) {
    if (fault_.empty()) fault_ = fmt::format("`{}` cannot be read", name);
  }
  const std::string& finish() {
    if (fault_.empty() && !object_.empty())
      fault_ = fmt::format("unknown field `{}`",
                           base::printable(std::string_view(object_.begin()->key()).substr(0, 64)));
    return fault_;
  }

 private:
  json::value take(std::string_view name) {
    const auto found = object_.find(name);
    if (found == object_.end()) return nullptr;
    json::value out = std::move(found->value());
    object_.erase(found);
    return out;
  }

  json::object object_;
  std::string fault_;
};

std::optional<Rate> read_rate(Line& line) {
  auto inner = line.object("rate");
  if (!inner) return {};
  Rate out;
  out.requests = static_cast<std::uint32_t>(inner->number("requests", UINT32_MAX));
  out.period = std::chrono::seconds(inner->number("period_seconds", 366 * 86400));
  out.burst = static_cast<std::uint32_t>(inner->number("burst", UINT32_MAX));
  if (out.requests == 0 || out.period.count() == 0) line.wrong("rate");
  line.absorb(*inner);
  return out;
}

std::optional<Quota> read_quota(Line& line) {
  constexpr std::array<std::string_view, 2> periods{"day", "month"};
  auto inner = line.object("quota");
  if (!inner) return {};
  Quota out;
  out.requests = inner->number("requests", INT64_MAX >> 20);
  out.period = static_cast<Quota::Period>(inner->one_of("period", periods));
  line.absorb(*inner);
  return out;
}

int hex_digit(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t at = digits.find(c);
  return at == digits.npos ? -1 : static_cast<int>(at);
}

void read_digest(Line& line, Digest& out) {
  const std::string text = line.text("sha256");
  bool right = text.size() == 2 * out.size();
  for (std::size_t i = 0; right && i < out.size(); ++i) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    right = high >= 0 && low >= 0;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  if (!right) line.wrong("sha256");
}

Account read_account(Line& line) {
  constexpr std::array<std::string_view, 2> account_states{"active", "suspended"};
  Account out{.id = line.text("id"), .name = line.text("name")};
  out.state = static_cast<AccountState>(line.one_of("state", account_states));
  out.reason = line.text("reason");
  out.since = line.time("since");
  out.plan = line.text("plan");
  out.rate = read_rate(line);
  out.quota = read_quota(line);
  out.metadata = line.metadata();
  out.created = line.time("created").value_or(base::Time{});
  return out;
}

Grant read_grant(Line& line) {
  Grant out{.scopes = line.texts("scopes"),
            .endpoints = line.texts("endpoints"),
            .methods = line.texts("methods")};
  for (const std::string& text : line.texts("addresses")) {
    if (const auto block = parse_cidr(text))
      out.addresses.push_back(*block);
    else
      line.wrong("addresses");
  }
  out.origins = line.texts("origins");
  return out;
}

Key read_key(Line& line) {
  Key out{.id = line.text("id"), .account = line.text("account"), .name = line.text("name")};
  out.environment = line.text("environment");
  read_digest(line, out.digest);
  out.hint = line.text("hint");
  out.grant = read_grant(line);
  out.rate = read_rate(line);
  out.not_before = line.time("not_before");
  out.expires = line.time("expires");
  out.state = static_cast<KeyState>(line.one_of("state", states));
  out.reason = line.text("reason");
  out.since = line.time("since");
  out.successor = line.text("successor");
  out.grace_until = line.time("grace_until");
  out.finish_when_unused =
      std::chrono::seconds(line.number("finish_when_unused_seconds", UINT32_MAX));
  out.leak_url = line.text("leak_url");
  out.metadata = line.metadata();
  out.created = line.time("created").value_or(base::Time{});
  return out;
}

// What is wrong with the line; empty: nothing.
std::string read_line(std::string_view text, const KeysFile& take) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return "is not a JSON object";
  Line line(std::move(value.get_object()));
  std::string kind = line.text("kind");
  if (kind.empty()) kind = line.has("sha256") ? "key" : "account";
  if (!line.has("id")) line.wrong("id");
  if (kind == "account") {
    Account account = read_account(line);
    if (line.finish().empty()) take.account(std::move(account));
  } else if (kind == "key") {
    Key key = read_key(line);
    if (line.finish().empty()) take.key(std::move(key));
  } else {
    return "`kind` is neither \"account\" nor \"key\"";
  }
  return line.finish();
}

}  // namespace

std::string to_line(const Account& account) {
  json::object out{{"kind", "account"}, {"id", account.id}, {"name", account.name}};
  if (account.state == AccountState::suspended) out["state"] = "suspended";
  put(out, "reason", account.reason);
  put(out, "since", account.since);
  put(out, "plan", account.plan);
  put(out, account.rate);
  if (account.quota) {
    out["quota"] = {{"requests", account.quota->requests},
                    {"period", account.quota->period == Quota::Period::day ? "day" : "month"}};
  }
  put_metadata(out, account.metadata);
  out["created"] = base::format_rfc3339(account.created);
  return json::serialize(out) + "\n";
}

std::string to_line(const Key& key) {
  json::object out{{"kind", "key"}, {"id", key.id}, {"account", key.account}, {"name", key.name}};
  put(out, "environment", key.environment);
  out["sha256"] = base::hex({reinterpret_cast<const char*>(key.digest.data()), key.digest.size()});
  put(out, "hint", key.hint);
  put(out, "scopes", key.grant.scopes);
  put(out, "endpoints", key.grant.endpoints);
  put(out, "methods", key.grant.methods);
  std::vector<std::string> addresses;
  for (const Cidr& block : key.grant.addresses) addresses.push_back(block.text());
  put(out, "addresses", addresses);
  put(out, "origins", key.grant.origins);
  put(out, key.rate);
  put(out, "not_before", key.not_before);
  put(out, "expires", key.expires);
  out["state"] = states.at(static_cast<std::size_t>(key.state));
  put(out, "reason", key.reason);
  put(out, "since", key.since);
  put(out, "successor", key.successor);
  put(out, "grace_until", key.grace_until);
  if (key.finish_when_unused.count() > 0)
    out["finish_when_unused_seconds"] = key.finish_when_unused.count();
  put(out, "leak_url", key.leak_url);
  put_metadata(out, key.metadata);
  out["created"] = base::format_rfc3339(key.created);
  return json::serialize(out) + "\n";
}

Result<void> read_keys_file(std::string_view text, const KeysFile& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = base::trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const std::string fault = read_line(line, take);
    if (!fault.empty())
      return fail(ErrorCode::unreadable, fmt::format("line {}: {}", number, fault));
  }
  return {};
}

}  // namespace locksmith::authority
