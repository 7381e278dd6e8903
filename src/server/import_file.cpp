#include "server/import_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "authority/keys_file.hpp"
#include "authority/operations.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "server/import_csv.hpp"
#include "server/json_model.hpp"
#include "server/service.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;
using authority::Key;
using authority::KeyState;

constexpr std::size_t longest_line = 1 << 16;
// Whoever hands over a file of keys must not get hold of the authority with it.
constexpr std::string_view no_administrators = "administrators belong to one authority";
// Year 9999; what is more is milliseconds, and stays wrong.
constexpr std::int64_t last_second = 253'402'300'799;

std::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::usage, std::move(what)); }

// A file of keys themselves must not be taken for one of hashes, nor be quoted in an error.
Result<void> refuse_secrets(const json::object& object) {
  for (const std::string_view name : {"key", "secret", "token", "api_key", "apikey", "password"}) {
    if (object.if_contains(name)) {
      return wrong(fmt::format("\"{}\": a key itself is not imported, only its \"sha256\"", name));
    }
  }
  return {};
}

// RFC 3339, a day, or Unix seconds, as a number or as text; all become RFC 3339.
void unify_time(json::object& object, std::string_view name) {
  json::value* value = object.if_contains(name);
  if (!value) return;
  std::int64_t seconds = -1;
  if (value->is_string()) {
    const std::string text(value->get_string());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.size() == 10 && text[4] == '-') *value = text + "T00:00:00Z";
    if (error != std::errc{} || end != text.data() + text.size()) return;
  } else if (value->is_int64()) {
    seconds = value->get_int64();
  }
  if (seconds < 0 || seconds > last_second) return;
  *value = base::format_rfc3339(base::Time(std::chrono::seconds(seconds)));
}

Result<void> take_time(json::object& object, std::string_view name,
                       std::optional<base::Time>& target) {
  unify_time(object, name);
  const json::value* value = object.if_contains(name);
  if (!value) return {};
  if (!value->is_null()) {
    target = base::parse_rfc3339(text_of(object, name));
    if (!target) {
      return wrong(fmt::format("\"{}\" is not a time such as 2026-12-31T00:00:00Z", name));
    }
  }
  object.erase(name);
  return {};
}

Result<void> take_text(json::object& object, std::string_view name, std::string& target) {
  const json::value* value = object.if_contains(name);
  if (!value) return {};
  if (!value->is_string()) return wrong(fmt::format("\"{}\" is not a text", name));
  target = std::string(value->get_string());
  object.erase(name);
  return {};
}

Result<void> take_state(json::object& object, Key& key) {
  std::string state = "active";
  if (auto taken = take_text(object, "state", state); !taken) return taken;
  constexpr std::array<std::string_view, 4> names{"active", "revoked", "rotated", "leaked"};
  const auto found = std::ranges::find(names, std::string_view(state));
  if (found == names.end()) return wrong("\"state\" is active, revoked, rotated or leaked");
  key.state = static_cast<KeyState>(found - names.begin());
  return {};
}

// What the HTTP interface does not let anybody set: how far the key's life has gone.
Result<void> take_life(json::object& object, Key& key) {
  if (auto taken = take_state(object, key); !taken) return taken;
  for (const auto& [name, target] :
       {std::pair{"reason", &key.reason}, std::pair{"successor", &key.successor},
        std::pair{"leak_url", &key.leak_url}}) {
    if (auto taken = take_text(object, name, *target); !taken) return taken;
  }
  std::optional<base::Time> created;
  for (const auto& [name, target] :
       {std::pair{"since", &key.since}, std::pair{"grace_until", &key.grace_until},
        std::pair{"created", &created}}) {
    if (auto taken = take_time(object, name, *target); !taken) return taken;
  }
  if (created) key.created = *created;
  if (const json::value* value = object.if_contains("finish_when_unused_seconds")) {
    if (!value->is_int64() || value->get_int64() < 0) {
      return wrong("\"finish_when_unused_seconds\" is not a number of seconds");
    }
    key.finish_when_unused = std::chrono::seconds(value->get_int64());
    object.erase("finish_when_unused_seconds");
  }
  return {};
}

Result<Key> read_import(json::object object, const ImportDefaults& defaults) {
  Key key;
  if (auto good = refuse_secrets(object); !good) return std::unexpected(good.error());
  if (auto taken = take_life(object, key); !taken) return std::unexpected(taken.error());
  unify_time(object, "expires");
  unify_time(object, "not_before");
  if (auto read = read_imported_key(object, key); !read) return std::unexpected(read.error());
  if (key.account.empty()) key.account = defaults.account;
  if (key.environment.empty()) key.environment = defaults.environment;
  if (key.account.empty()) return wrong("no account: name one in the file, or with --account");
  if (key.environment.empty()) {
    return wrong("no environment: name one in the file, or with --environment");
  }
  return key;
}

class Reader {
 public:
  explicit Reader(const ImportDefaults& defaults) : defaults_(defaults) {}

  void add(std::size_t line, Result<json::object> object) {
    auto key = object ? read_import(std::move(*object), defaults_)
                      : Result<Key>(std::unexpected(object.error()));
    if (!key) return fault(line, key.error().message);
    if (key->account == admin_account) return fault(line, std::string(no_administrators));
    const std::string digest(key->digest.begin(), key->digest.end());
    if (const std::size_t other = seen(digests_, digest, line)) {
      return fault(line, fmt::format("the same SHA-256 as in line {}", other));
    }
    if (const std::size_t twin = key->id.empty() ? 0 : seen(ids_, key->id, line)) {
      return fault(line, fmt::format("the same id as in line {}", twin));
    }
    imports_.keys.push_back(std::move(*key));
    imports_.lines.push_back(line);
  }
  void add_account(std::size_t line, std::string_view text, const std::string& id) {
    std::optional<authority::Account> account;
    const auto read = authority::read_keys_file(
        text, {[&](authority::Account one) { account = std::move(one); }, [](Key) {}});
    std::string what;
    if (!read) {
      what = read.error().message.substr(read.error().message.find(": ") + 2);  // "line 1: "
    } else if (id.empty()) {
      what = "an account needs an id";
    } else if (id == admin_account) {
      what = no_administrators;
    } else if (const std::size_t twin = seen(account_ids_, id, line)) {
      what = fmt::format("the same id as in line {}", twin);
    }
    if (what.empty() && account) {
      imports_.accounts.push_back(std::move(*account));
      imports_.account_lines.push_back(line);
      return;
    }
    imports_.faulty_accounts.insert(id);
    fault(line, std::move(what));
  }
  Imports take() { return std::move(imports_); }

 private:
  using Lines = std::unordered_map<std::string, std::size_t>;
  void fault(std::size_t line, std::string what) {
    imports_.faults.push_back({line, std::move(what)});
  }
  static std::size_t seen(Lines& lines, const std::string& what, std::size_t line) {
    const auto [known, fresh] = lines.emplace(what, line);
    return fresh ? 0 : known->second;
  }

  const ImportDefaults& defaults_;
  Imports imports_;
  Lines digests_, ids_, account_ids_;
};

Result<json::object> parse_line(std::string_view text) {
  if (text.size() > longest_line) return wrong("the line is too long");
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return wrong("not a JSON object");
  return std::move(value.get_object());
}

// A line without "kind" is a key.
void add_line(Reader& reader, std::size_t number, std::string_view line) {
  auto object = parse_line(line);
  const std::string kind = object ? text_of(*object, "kind") : std::string();
  if (kind == "account") return reader.add_account(number, line, text_of(*object, "id"));
  if (kind == "key") object->erase("kind");
  reader.add(number, std::move(object));
}

json::object with_digest(const Key& key) {
  json::object object = to_json(key);
  object["sha256"] =
      base::hex({reinterpret_cast<const char*>(key.digest.data()), key.digest.size()});
  return object;
}

}  // namespace

ImportFormat format_of(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != text.npos && text[first] == '{' ? ImportFormat::json_lines : ImportFormat::csv;
}

Imports read_imports(std::string_view text, ImportFormat format, const ImportDefaults& defaults) {
  Reader reader(defaults);
  const auto add = [&](std::size_t line, Result<json::object> object) {
    reader.add(line, std::move(object));
  };
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (format == ImportFormat::csv) {
    read_csv(text, add);
    return reader.take();
  }
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = base::trim(text.substr(0, end));
    ++number;
    if (!line.empty()) add_line(reader, number, line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

void check_imports(Imports& imports, const authority::Snapshot& snapshot, base::Time now) {
  auto keys = std::exchange(imports.keys, {});
  const auto lines = std::exchange(imports.lines, {});
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Key& key = keys[i];
    const auto names = [&](const authority::Environment& environment) {
      return environment.name == key.environment;
    };
    const auto taken = authority::import_keys(snapshot, {key}, now);
    if (!taken) {
      std::string_view what = taken.error().message;
      if (what.starts_with("key 1: ")) what.remove_prefix(7);
      imports.faults.push_back({lines[i], std::string(what)});
    } else if (std::ranges::none_of(snapshot.policy().environments, names)) {
      imports.faults.push_back(
          {lines[i], fmt::format("there is no environment \"{}\"", key.environment)});
    } else {
      imports.keys.push_back(std::move(key));
      imports.lines.push_back(lines[i]);
    }
  }
  std::ranges::stable_sort(imports.faults, std::less{}, &ImportFault::line);
}

std::string export_line(const Key& key) { return json::serialize(with_digest(key)); }

std::string import_body(const std::vector<Key>& keys, std::size_t from, std::size_t until) {
  json::array list;
  for (std::size_t i = from; i < std::min(until, keys.size()); ++i) {
    json::object object = with_digest(keys[i]);
    for (const std::string_view name : {"state", "created", "reason", "since", "successor",
                                        "grace_until", "finish_when_unused_seconds", "leak_url"}) {
      object.erase(name);
    }
    if (keys[i].id.empty()) object.erase("id");
    list.push_back(std::move(object));
  }
  return json::serialize(json::object{{"keys", std::move(list)}});
}

}  // namespace locksmith::server
