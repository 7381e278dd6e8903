// Which source a text names, and how each is read.
#include "keyring/key_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/file.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "credential/secret_names.hpp"
#include "keyring/lookup.hpp"
#include "keyring/prompt.hpp"
#include "keyring/setting_of_file.hpp"
#include "keyring/tool.hpp"
#include "settings/setting.hpp"

namespace locksmith::keyring {
namespace {

using Named = Result<NamedKey>;

constexpr std::size_t most_bytes = 1 << 20;

std::unexpected<Error> misspelt(std::string_view source, std::string_view form) {
  return fail(ErrorCode::usage, fmt::format("\"{}\" names no key", source),
              fmt::format("it is written {}", form));
}

// One line end is how a file or a pipe ends, and no part of the key; more is a defect, and stays.
NamedKey as_text(std::string text, std::string where) {
  NamedKey key{.where = std::move(where)};
  if (text.ends_with('\n')) text.pop_back();
  const auto inner = base::trim(text);
  const bool pem = inner.starts_with("-----BEGIN");
  if (inner.contains('\n') && !pem)
    key.notes.push_back(fmt::format("it holds {} lines", std::ranges::count(text, '\n') + 1));
  if (text.ends_with('\r'))
    key.notes.push_back("it ends in a carriage return, as Windows ends lines");
  key.value = base::Secret(std::move(text));
  return key;
}

Named checked(NamedKey key) {
  if (base::trim(key.value.reveal()).empty())
    return fail(ErrorCode::unreadable,
                fmt::format("{} {}", key.where, key.value.empty() ? "is empty" : "is blank"));
  if (!base::is_valid_utf8(key.value.reveal()))
    key.notes.push_back("it holds bytes that are not UTF-8");
  return key;
}

// env:$NAME instead of env:NAME: the shell has put the key itself there.
bool is_likely_key(std::string_view text) {
  return credential::looks_random(text) || !credential::known_prefix(text).text.empty();
}

std::unexpected<Error> key_as_name(std::string_view form) {
  return fail(ErrorCode::usage, "a key stands where its name belongs",
              fmt::format("it is written {}, without a $; anything else is the key itself", form));
}

Named of_variable(std::string_view name) {
  if (name.empty() || name.contains('=')) return misspelt("env:", "env:NAME");
  const std::string variable(name);
  if (const char* value = std::getenv(variable.c_str()))
    return checked(
        {.value = base::Secret(value), .where = "the variable " + base::printable(name)});
  if (is_likely_key(name)) return key_as_name("env:NAME");
  std::vector<std::string_view> names;
  for (char** entry = environ; *entry; ++entry)
    names.push_back(std::string_view(*entry).substr(0, std::string_view(*entry).find('=')));
  const std::string_view near = base::nearest(name, names);
  return fail(ErrorCode::unreadable, fmt::format("the variable {} is not set", variable),
              near.empty() ? "is it exported? A variable of the shell alone is not passed on"
                           : fmt::format("did you mean env:{}?", near));
}

// The shell does not expand a tilde behind "file:".
std::string expanded(std::string_view path) {
  const char* home = std::getenv("HOME");
  if (home && path.starts_with("~/")) return home + std::string(path.substr(1));
  return std::string(path);
}

struct FileName {
  std::string path, name;
};

// A path may hold '#' itself: what is there decides.
FileName split(std::string_view text) {
  struct stat facts {};
  std::string whole = expanded(text);
  if (::stat(whole.c_str(), &facts) == 0) return {whole, ""};
  for (std::size_t at = text.rfind('#'); at != std::string_view::npos && at > 0;
       at = text.rfind('#', at - 1)) {
    std::string path = expanded(text.substr(0, at));
    if (::stat(path.c_str(), &facts) == 0) return {path, std::string(text.substr(at + 1))};
  }
  const std::size_t last = text.rfind('#');
  if (last == std::string_view::npos) return {whole, ""};
  return {expanded(text.substr(0, last)), std::string(text.substr(last + 1))};
}

// The one setting, or nothing but a key.
Named alone_in(const std::string& path, std::string text, settings::Format format) {
  const std::string shown = base::printable(path);
  const std::string_view inner = base::trim(text);
  if (format == settings::Format::unknown ||
      (!inner.contains('\n') && !inner.contains('=') && !inner.starts_with('{'))) {
    const bool pem = inner.starts_with("-----BEGIN");
    if (inner.contains('\n') && !pem)
      return fail(ErrorCode::usage, fmt::format("{} holds more than one line", shown),
                  "which one is the key? file:PATH#NAME names it; or pipe it in: stdin");
    return checked(as_text(std::move(text), shown));
  }
  Named key = key_in_settings(path, text, format, "");
  return key ? checked(std::move(*key)) : key;
}

Named of_file(std::string_view rest) {
  if (rest.empty() || rest.starts_with('#'))
    return misspelt("file:", "file:PATH or file:PATH#NAME");
  const FileName named = split(rest);
  if (is_likely_key(named.path) || is_likely_key(named.name)) return key_as_name("file:PATH#NAME");
  auto text = base::read_regular_file(named.path);
  if (!text) return std::unexpected(text.error());
  const settings::Format format = settings::format_of(named.path, *text);
  if (named.name.empty()) return alone_in(named.path, std::move(*text), format);

  Named key = key_in_settings(named.path, *text, format, named.name);
  return key ? checked(std::move(*key)) : key;
}

Named of_terminal() {
  auto typed = ask_hidden("Key (not shown): ");
  if (!typed) return std::unexpected(typed.error());
  return checked({.value = std::move(*typed), .where = "what was typed"});
}

Named of_standard_input() {
  if (::isatty(STDIN_FILENO)) return of_terminal();
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(ErrorCode::unreadable,
                  fmt::format("standard input cannot be read: {}", std::strerror(errno)));
    if (count == 0) return checked(as_text(std::move(text), "standard input"));
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > most_bytes)
      return fail(ErrorCode::unreadable, "standard input is larger than 1 MB: no key",
                  "pipe in the key alone");
  }
}

// What a tool would take for an option, or for nothing.
bool is_word(std::string_view text) { return !text.empty() && !text.starts_with('-'); }

Named of_tool(std::vector<std::string> words, std::string where) {
  auto printed = run_tool(words);
  if (!printed) return std::unexpected(printed.error());
  std::string text = printed->reveal();
  if (text.ends_with('\n')) text.pop_back();  // the tool's own
  return checked({.value = base::Secret(std::move(text)), .where = base::printable(where)});
}

Named of_vault(std::string_view rest) {
  const std::size_t hash = rest.rfind('#');
  if (!is_word(rest.substr(0, hash)) || hash == std::string_view::npos || hash + 1 == rest.size())
    return misspelt("vault:", "vault:PATH#FIELD");
  return of_tool({"vault", "kv", "get", fmt::format("-field={}", rest.substr(hash + 1)),
                  std::string(rest.substr(0, hash))},
                 fmt::format("vault, {}", rest));
}

Named of_aws(std::string_view rest) {
  const std::size_t hash = rest.rfind('#');
  const std::string name(rest.substr(0, hash));
  const std::string field(hash == std::string_view::npos ? "" : rest.substr(hash + 1));
  if (!is_word(name)) return misspelt("aws-sm:", "aws-sm:NAME or aws-sm:NAME#FIELD");
  const std::string where = fmt::format("AWS Secrets Manager, {}", rest);
  Named key = of_tool({"aws", "secretsmanager", "get-secret-value", "--secret-id", name, "--query",
                       "SecretString", "--output", "text"},
                      where);
  if (!key) return key;
  // JMESPath's null, as text.
  if (key->value.reveal() == "None")
    return fail(ErrorCode::unreadable, where + " holds no text",
                "it may be stored as SecretBinary");
  if (field.empty()) return key;
  const auto members = settings::read_settings(key->value.reveal(), settings::Format::json);
  if (!members)
    return fail(ErrorCode::unreadable, fmt::format("AWS Secrets Manager, {}, is not JSON", name),
                fmt::format("leave #{} out to take all of it", field));
  const auto found = look_up(*members, field, name);
  if (!found) return std::unexpected(found.error());
  return checked({.value = found->setting.value, .where = where, .notes = found->notes});
}

Named of_one_password(std::string_view source) {
  return of_tool({"op", "read", std::string(source)}, std::string(source));
}

// https://www.passwordstore.org: the first line is the password.
Named of_pass(std::string_view rest) {
  if (!is_word(rest)) return misspelt("pass:", "pass:NAME");
  const std::string where = fmt::format("pass, {}", rest);
  Named key = of_tool({"pass", "show", std::string(rest)}, where);
  if (!key) return key;
  const std::string& all = key->value.reveal();
  return checked(
      {.value = base::Secret(all.substr(0, all.find('\n'))), .where = base::printable(where)});
}

Named of_secret_tool(std::string_view rest) {
  std::vector<std::string> words{"secret-tool", "lookup"};
  for (std::size_t start = 0; start <= rest.size();) {
    const std::size_t end = std::min(rest.find(',', start), rest.size());
    const std::string_view pair = rest.substr(start, end - start);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !is_word(pair))
      return misspelt("secret-tool:", "secret-tool:ATTRIBUTE=VALUE,…");
    words.emplace_back(pair.substr(0, equals));
    words.emplace_back(pair.substr(equals + 1));
    start = end + 1;
  }
  // It fails without a word when nothing fits.
  Named key = of_tool(std::move(words), fmt::format("secret-tool, {}", rest));
  if (!key && key.error().hint.empty())
    key.error().hint = "nothing may be kept under these attributes";
  return key;
}

struct Source {
  std::string_view prefix;
  Named (*find)(std::string_view rest);
};

constexpr Source sources[] = {
    {"env:", of_variable}, {"file:", of_file}, {"vault:", of_vault},
    {"aws-sm:", of_aws},   {"pass:", of_pass}, {"secret-tool:", of_secret_tool},
};

// Somebody who forgot the prefix means the variable or the file, and never a key of that text.
Named of_argument(const std::string& source) {
  struct stat facts {};
  if (std::getenv(source.c_str()))
    return fail(ErrorCode::usage, base::printable(source) + " is the name of a variable",
                fmt::format("env:{} takes its value", base::printable(source)));
  if (source.size() < 4096 && ::stat(source.c_str(), &facts) == 0)
    return fail(ErrorCode::usage, base::printable(source) + " is a file",
                fmt::format("file:{0} takes the key in it, file:{0}#NAME one of several",
                            base::printable(source)));
  return checked({.value = base::Secret(source), .where = "the argument", .in_arguments = true});
}

}  // namespace

Result<NamedKey> find_key(const std::string& source) {
  if (source == "prompt") return of_terminal();
  if (source.empty() || source == "stdin" || source == "-") return of_standard_input();
  if (source.starts_with("op://")) return of_one_password(source);
  for (const Source& known : sources) {
    if (source.starts_with(known.prefix))
      return known.find(std::string_view(source).substr(known.prefix.size()));
  }
  return of_argument(source);
}

std::string_view sources_help() {
  return R"(A KEY is named, so that it stands in no shell history and no list of processes:
  env:NAME                 a variable
  file:PATH#NAME           a setting of a .env, JSON, TOML, YAML, INI, netrc or npmrc file
  file:PATH                a file that holds nothing else
  stdin                    standard input (also when no KEY is given)
  prompt                   typed, and not shown
  vault:PATH#FIELD         HashiCorp Vault, through `vault kv get`
  aws-sm:NAME[#FIELD]      AWS Secrets Manager, through `aws`
  op://VAULT/ITEM/FIELD    1Password, through `op read`
  pass:NAME                pass, the first line
  secret-tool:ATTR=VALUE   the desktop's keyring; several pairs with commas
Anything else is the key itself.)";
}

}  // namespace locksmith::keyring
