// The environment that the request came from, as far as the bundle holds it: variables, files,
// processes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "http/netrc.hpp"
#include "inspect/dotenv.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using base::contains_ignoring_case;

void say(diagnosis::Findings& findings, std::string_view id, std::string place, std::string text,
         std::vector<catalogue::Weight> weights, std::vector<std::string> fix = {}) {
  findings.push_back({.id = std::string(id),
                      .place = std::move(place),
                      .text = std::move(text),
                      .weights = std::move(weights),
                      .source = {},
                      .fix = std::move(fix)});
}

// What one place of the environment gives to one name.
struct Value {
  std::string place;  // ".env, line 3", "variable OPENAI_API_KEY"
  std::string name;
  std::string value;
  const http::EnvironmentFile* file = nullptr;
  Assignment assignment;
};

bool is_dotenv(std::string_view path) {
  const auto slash = path.rfind('/');
  const std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  constexpr std::array<std::string_view, 8> shell_files{"env",       ".bashrc",    ".bash_profile",
                                                        ".profile",  ".zshrc",     ".zshenv",
                                                        ".zprofile", "environment"};
  return name.starts_with(".env") || name.ends_with(".env") ||
         std::ranges::find(shell_files, name) != shell_files.end();
}

std::vector<Value> values_of(const Case& c) {
  std::vector<Value> values;
  for (const auto& [name, value] : c.bundle.environment.variables)
    values.push_back({fmt::format("variable {}", name), name, value, nullptr, {}});
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!is_dotenv(file.path)) continue;
    for (Assignment& assignment : read_dotenv(file.content)) {
      values.push_back({fmt::format("{}, line {}", file.path, assignment.line), assignment.name,
                        assignment.value, &file, assignment});
    }
  }
  return values;
}

bool one_of(catalogue::Strings names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// A name that holds a key, and of this API as far as names can tell.
bool holds_key(const Case& c, std::string_view name) {
  if (c.provider && one_of(c.provider->variables, name)) return true;
  const bool says_key =
      contains_ignoring_case(name, "key") || contains_ignoring_case(name, "token") ||
      contains_ignoring_case(name, "secret") || contains_ignoring_case(name, "passw");
  return says_key && !contains_ignoring_case(name, "url");
}

// --- the key that was sent against the copies around it
// ---------------------------------------------

void judge_copies(const Case& c, const std::vector<Value>& values, diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  const std::string& sent = c.main->secret();
  const Value* source = nullptr;  // where the sent value stands
  for (const Value& value : values) {
    if (value.value == sent && holds_key(c, value.name)) source = &value;
    // The variables of the process win over files; prefer them as the source.
    if (source && source->file == nullptr) break;
  }
  for (const Value& value : values) {
    if (value.value.empty() || value.value == sent || !holds_key(c, value.name)) continue;
    const bool same_name = source && source->name == value.name;
    const bool of_provider = c.provider && one_of(c.provider->variables, value.name);
    if (!same_name && !of_provider) continue;
    // A quoted or commented line is judged below; here it is about another key altogether.
    if (sent.contains(value.value) || value.value.contains(sent)) continue;
    const std::string other = fmt::format("{} holds another key ({}) than the one that was sent.",
                                          value.place, base::fingerprint(value.value));
    if (same_name && source->file == nullptr && value.file) {
      say(findings, "environment.shadowed", value.place,
          fmt::format("The variable {} of the process wins over the file, and {}", value.name,
                      other),
          {{"conflicting-credentials", 28}, {"stale-environment", 27}},
          {fmt::format("unset {}   # then start the program again, so that the file counts",
                       http::shell_quote(value.name)),
           "Restart the process or container that was started before the file was changed."});
    } else {
      say(findings, "environment.other-key", value.place, fmt::format("{}", other),
          {{"stale-environment", 22}, {"conflicting-credentials", 21}},
          {"Restart whatever was started before the value was changed."});
    }
    return;
  }
}

// The sent value stands in a file, and goes on there behind a character that something took for its
// own: a shell or docker compose reads $NAME, a loader cuts at #.
void judge_cut_values(const Case& c, diagnosis::Findings& findings) {
  constexpr std::size_t shortest = 4;
  if (!c.main || c.main->secret().size() < shortest) return;
  const std::string& sent = c.main->secret();
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    for (std::size_t at = file.content.find(sent); at != std::string::npos;
         at = file.content.find(sent, at + 1)) {
      const std::size_t end = at + sent.size();
      const bool starts_value = at > 0 && std::string_view("='\": ").contains(file.content[at - 1]);
      const char next = end + 1 < file.content.size() ? file.content[end] : '\n';
      if (!starts_value || (next != '$' && next != '#' && next != '%') ||
          std::string_view(" \t\r\n").contains(file.content[end + 1]))
        continue;
      say(findings, "environment.cut-value", file.path,
          fmt::format("The value goes on there behind a '{}', at which what was sent ends: "
                      "something took it for its own.",
                      next),
          {{"interpolated", 30}, {"malformed", 12}},
          {next == '$' ? "Write $$ for a literal $ (docker compose), or put the value into single "
                         "quotes (shell)."
                       : "Put the value into quotes."});
      return;
    }
  }
}

// "name: value", "name = value" or "name=value", quotes and commas left out; nullopt when the line
// is none.
std::optional<std::pair<std::string_view, std::string_view>> setting_of(std::string_view line) {
  const auto split = line.find_first_of(":=");
  if (split == std::string_view::npos) return {};
  const auto strip = [](std::string_view text) {
    constexpr std::string_view around = " \t\r\"',-";
    const auto first = text.find_first_not_of(around), last = text.find_last_not_of(around);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, last - first + 1);
  };
  return std::pair{strip(line.substr(0, split)), strip(line.substr(split + 1))};
}

// Another key of the same make in a client's own file: what the program was logged in with is not
// what was sent.
void judge_other_keys_in_files(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || c.main->secret().size() < 16) return;
  const std::string& sent = c.main->secret();
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (is_dotenv(file.path)) continue;
    std::string_view text = file.content;
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto setting = setting_of(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (!setting || setting->second.size() != sent.size() || setting->second == sent ||
          !holds_key(c, setting->first))
        continue;
      say(findings, "environment.other-key-in-file", file.path,
          fmt::format("It holds another key of the same kind ({}) than the one that was sent.",
                      base::fingerprint(setting->second)),
          {{"conflicting-credentials", 22}, {"stale-environment", 19}});
      return;
    }
  }
}

// What a shell, or a loader that expands, makes of a value in which `$NAME` was meant literally and
// has no value (POSIX.1-2017, XCU 2.6.2). A `$` in front of anything else stays.
std::string without_references(std::string_view stored) {
  std::string out;
  const auto is_word = [](char ch) {
    return std::isalnum(static_cast<unsigned char>(ch)) || ch == '_';
  };
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const char next = i + 1 < stored.size() ? stored[i + 1] : '\0';
    const auto close = next == '{' ? stored.find('}', i) : std::string_view::npos;
    if (stored[i] != '$' || (close == std::string_view::npos && !is_word(next))) {
      out += stored[i];
    } else if (close != std::string_view::npos) {
      i = close;
    } else if (std::isdigit(static_cast<unsigned char>(next))) {
      ++i;  // one digit: a positional parameter
    } else {
      while (i + 1 < stored.size() && is_word(stored[i + 1])) ++i;
    }
  }
  return out;
}

void judge_expansion(const Case& c, const std::vector<Value>& values,
                     diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  for (const Value& value : values) {
    if (!value.value.contains('$') || !holds_key(c, value.name)) continue;
    const std::string left = without_references(value.value);
    if (left == value.value || left != c.main->secret()) continue;
    say(findings, "environment.expanded", value.place,
        fmt::format("{} has a $ in its value; what was sent is the value with that reference "
                    "expanded to nothing.",
                    value.name),
        {{"interpolated", 32}, {"malformed", 6}},
        {fmt::format("sed -i \"s/^{0}=\\(.*\\)$/{0}='\\1'/\" {1}   # single quotes keep the $",
                     value.name, http::shell_quote(value.file ? value.file->path : ".env"))});
    return;
  }
}

// --- lines that do not say what they seem to
// ----------------------------------------------------------

void judge_lines(const Case& c, const std::vector<Value>& values, diagnosis::Findings& findings) {
  const bool has_main = c.main && !c.main->value.empty();
  const std::string sent = has_main ? c.main->secret() : std::string();
  std::map<std::string, std::set<std::string>> files_values;
  for (const Value& value : values) {
    if (!value.file || !holds_key(c, value.name)) continue;
    const Assignment& line = value.assignment;
    const bool is_sent = has_main && !line.value.empty() && sent.contains(line.value);
    if (line.value.empty())
      say(findings, "environment.empty", value.place,
          fmt::format("{} is there, but has no value.", value.name),
          {{"env-unset", has_main ? 2.0 : 14.0}});
    if (line.quoted && is_sent && sent != line.value) {
      say(findings, "environment.quotes-kept", value.place,
          fmt::format("{} stands in quotes there, and the quotes were sent: what reads this file "
                      "(docker --env-file, systemd) keeps them.",
                      value.name),
          {{"quoted", 14}},
          {fmt::format("sed -i 's/^{0}=[\"'\\'']\\(.*\\)[\"'\\'']$/{0}=\\1/' {1}", value.name,
                       http::shell_quote(value.file->path))});
    }
    if (line.carriage_return && is_sent && sent.contains('\r')) {
      say(findings, "environment.crlf", value.place,
          "The file has Windows line ends, and the carriage return was sent with the key.",
          {{"whitespace", 12}},
          {fmt::format("sed -i 's/\\r$//' {}", http::shell_quote(value.file->path))});
    }
    if (line.comment && is_sent && sent.contains('#')) {
      say(findings, "environment.comment-kept", value.place,
          "The comment behind the value was sent with it.", {{"malformed", 16}, {"whitespace", 8}},
          {"Put the comment on a line of its own."});
    }
    if (line.byte_order_mark) {
      say(findings, "environment.byte-order-mark", value.place,
          fmt::format(
              "The file starts with a byte order mark, so that the name is not {} to some loaders.",
              value.name),
          {{"invisible-character", 6}, {"env-unset", has_main ? 4.0 : 14.0}},
          {fmt::format("sed -i '1s/^\\xEF\\xBB\\xBF//' {}", http::shell_quote(value.file->path))});
    }
    if (!line.value.empty() && !files_values[value.name].empty() &&
        !files_values[value.name].contains(line.value)) {
      say(findings, "environment.duplicate", value.place,
          fmt::format(
              "{} is set more than once, to different values; loaders differ in which one wins.",
              value.name),
          {{"conflicting-credentials", 14}, {"stale-environment", 8}});
    }
    files_values[value.name].insert(line.value);
  }
}

// --- base URLs, regions and sites
// --------------------------------------------------------------------

bool names_base_url(const Case& c, std::string_view name) {
  if (c.provider && one_of(c.provider->base_url_variables, name)) return true;
  for (const std::string_view end :
       {"BASE_URL", "API_BASE", "API_URL", "API_HOST", "ENDPOINT", "BASEURL", "_SITE"}) {
    if (name.ends_with(end)) return true;
  }
  return false;
}

// The prefix of a variable's name that says whose it is: OPENAI of OPENAI_BASE_URL.
std::string_view owner_of(std::string_view name) { return name.substr(0, name.find('_')); }

bool same_owner(const Case& c, std::string_view name) {
  if (!c.provider) return true;
  if (one_of(c.provider->base_url_variables, name)) return true;
  return std::ranges::any_of(c.provider->variables, [&](std::string_view variable) {
    return owner_of(variable) == owner_of(name);
  });
}

void judge_base_urls(const Case& c, const std::vector<Value>& values,
                     diagnosis::Findings& findings) {
  for (const Value& value : values) {
    if (value.value.empty() || !names_base_url(c, value.name) || !same_owner(c, value.name))
      continue;
    const http::Url url = http::parse_url(value.value);
    if (!url.host.contains('.') && url.host != "localhost") continue;
    // "datadoghq.eu" names the site of which api.datadoghq.eu is a host.
    if (url.host == c.url.host || c.url.host.ends_with("." + url.host)) continue;
    const bool same_provider =
        c.provider && (c.catalogue.provider_of_host(url.host) == c.provider ||
                       c.catalogue.provider_of_host("api." + url.host) == c.provider);
    say(findings, "environment.base-url", value.place,
        fmt::format(
            "{} names {}, but the request went to {}: the setting is not read, or is overridden.",
            value.name, url.host, c.url.host),
        same_provider ? std::vector<catalogue::Weight>{{"wrong-environment", 28},
                                                       {"wrong-endpoint", 8},
                                                       {"wrong-provider", 6}}
                      : std::vector<catalogue::Weight>{{"wrong-provider", 26},
                                                       {"wrong-environment", 12},
                                                       {"wrong-endpoint", 8}},
        {fmt::format(
            "grep -rn {} .   # does the program read this name, and before it builds its client?",
            http::shell_quote(value.name))});
    return;
  }
}

// --- files of clients
// --------------------------------------------------------------------------------

void judge_netrc(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!file.path.ends_with("netrc")) continue;
    const auto login = http::netrc_login(file.content, c.url.host);
    if (!login) continue;
    const bool was_sent =
        c.main && c.main->basic &&
        (c.main->basic->user == login->user ||
         (!login->password.empty() && c.main->basic->password.reveal() == login->password));
    say(findings, "environment.netrc", file.path,
        was_sent ? fmt::format("The credential that was sent is the login stored there for {}: "
                               "many clients let it override what the program set.",
                               c.url.host)
                 : fmt::format("It holds a login for {}, which many clients send on their own.",
                               c.url.host),
        {{"conflicting-credentials", was_sent ? 28.0 : 8.0}},
        {fmt::format("mv {} {}   # try once without it", http::shell_quote(file.path),
                     http::shell_quote(file.path + ".off"))});
  }
}

// `${NAME}` in a client's file whose variable has no value for this process.
void judge_unset_references(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (is_dotenv(file.path)) continue;
    const std::string_view text = file.content;
    for (std::size_t at = text.find("${"); at != std::string_view::npos;
         at = text.find("${", at + 2)) {
      // GitHub Actions' ${{ … }}: a second $ in front is sent literally.
      if (text.substr(at).starts_with("${{")) {
        if (at > 0 && text[at - 1] == '$')
          say(findings, "environment.literal-dollar", file.path,
              "\"$${{ … }}\" puts a literal $ in front of the value.",
              {{"malformed", 14}, {"interpolated", 12}},
              {fmt::format("sed -i 's/\\$\\${{{{/${{{{/' {}", http::shell_quote(file.path))});
        continue;
      }
      const auto close = text.find('}', at);
      if (close == std::string_view::npos) break;
      const std::string name(text.substr(at + 2, text.find_first_of(":-}", at + 2) - at - 2));
      const auto variable = c.bundle.environment.variables.find(name);
      const bool unset =
          variable == c.bundle.environment.variables.end() || variable->second.empty();
      if (!unset || !holds_key(c, name)) continue;
      const bool nothing_sent = !c.main || c.main->value.empty();
      say(findings, "environment.unset-reference", file.path,
          fmt::format("It takes the key from ${{{}}}, which has no value in this environment.",
                      name),
          {{"env-unset", nothing_sent ? 22.0 : 14.0}},
          {fmt::format("export {}=…", http::shell_quote(name))});
    }
  }
}

// `data:` of a Kubernetes Secret is base64; what `echo` made ends in a line feed.
// https://kubernetes.io/docs/concepts/configuration/secret/
void judge_secret_manifests(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!file.content.contains("kind: Secret")) continue;
    std::string_view text = file.content;
    for (int line = 1; !text.empty(); ++line) {
      const auto end = text.find('\n');
      const std::string_view row = base::trim(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      const auto colon = row.find(": ");
      if (colon == std::string_view::npos) continue;
      const auto decoded = base::base64_decode(base::trim(row.substr(colon + 2)));
      if (!decoded || decoded->size() < 4 || !base::is_valid_utf8(*decoded)) continue;
      if (decoded->back() == '\n')
        say(findings, "environment.manifest-line-feed", fmt::format("{}, line {}", file.path, line),
            fmt::format("{} decodes to a value that ends in a line feed.", row.substr(0, colon)),
            {{"whitespace", 18}},
            {"printf %s \"$VALUE\" | base64 -w 0   # echo would add a line feed"});
    }
  }
}

// Settings that list who may come in, in a server's configuration.
void judge_address_lists(const Case& c, diagnosis::Findings& findings) {
  if (c.response.status != 403) return;
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    for (const std::string_view setting :
         {"allow_admin", "allowed_ips", "allow_ips", "ip_whitelist", "ipwhitelist", "ipallowlist",
          "whitelist", "allowlist", "trusted_hosts", "deny all", "require ip", "ip-restriction"}) {
      if (!contains_ignoring_case(file.content, setting)) continue;
      say(findings, "environment.address-list", file.path,
          fmt::format("It restricts who may connect ({}).", setting), {{"ip-blocked", 9}});
      return;
    }
  }
}

// --- other processes
// ----------------------------------------------------------------------------------

// The program's name: what follows on a command line may be a secret.
std::string program_of(std::string_view command) {
  command = base::trim(command);
  command = command.substr(0, command.find_first_of(" \t\n"));
  return std::string(command.substr(command.rfind('/') + 1));
}

void judge_processes(const Case& c, const std::vector<Value>& values,
                     diagnosis::Findings& findings) {
  for (const http::EnvironmentProcess& process : c.bundle.environment.processes) {
    for (const auto& [name, held] : process.variables) {
      if (!holds_key(c, name) || held.empty()) continue;
      const auto present = c.bundle.environment.variables.find(name);
      if (present != c.bundle.environment.variables.end() && !present->second.empty() &&
          present->second != held && c.main && c.main->secret() == held) {
        say(findings, "environment.stale-process", fmt::format("process {}", process.pid),
            fmt::format("The key that was sent is the one that process {} ({}) was started with; "
                        "{} has another value by now.",
                        process.pid, base::printable(process.command.substr(0, 40)), name),
            {{"stale-environment", 32}, {"conflicting-credentials", 12}},
            {fmt::format("kill -TERM {}   # and start it again", process.pid)});
        return;
      }
      for (const Value& value : values) {
        if (value.name != name || value.value == held || value.value.empty() || !value.file)
          continue;
        const bool older =
            process.started && value.file->modified && *process.started < *value.file->modified;
        say(findings, "environment.stale-process", fmt::format("process {}", process.pid),
            fmt::format("{} ({}) still holds another {} than {}{}.", process.pid,
                        program_of(process.command), name, value.place,
                        older ? ", and was started before the file was changed" : ""),
            {{"stale-environment", older ? 30.0 : 22.0}, {"conflicting-credentials", 8}},
            {fmt::format("kill -TERM {}   # and start it again", process.pid)});
        return;
      }
    }
  }
}

}  // namespace

void inspect_environment(const Case& c, diagnosis::Findings& findings) {
  const std::vector<Value> values = values_of(c);
  judge_copies(c, values, findings);
  judge_expansion(c, values, findings);
  judge_cut_values(c, findings);
  judge_other_keys_in_files(c, findings);
  judge_lines(c, values, findings);
  judge_base_urls(c, values, findings);
  judge_netrc(c, findings);
  judge_unset_references(c, findings);
  judge_secret_manifests(c, findings);
  judge_address_lists(c, findings);
  judge_processes(c, values, findings);
}

}  // namespace locksmith::inspect
