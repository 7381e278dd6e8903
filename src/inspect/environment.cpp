// The environment that the request came from, as far as the bundle holds it: variables, files,
// processes.
#include "inspect/environment.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/text.hpp"
#include "settings/dotenv.hpp"

namespace locksmith::inspect {
namespace {

using base::contains_ignoring_case;

constexpr std::array<std::string_view, 8> shell_files{".bashrc",   ".bash_profile", ".bash_login",
                                                      ".profile",  ".zshrc",        ".zshenv",
                                                      ".zprofile", ".envrc"};

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(slash == std::string_view::npos ? 0 : slash + 1);
}

bool is_shell_file(std::string_view path) {
  return std::ranges::find(shell_files, file_name(path)) != shell_files.end();
}

// What stands behind '=' in a line of a file.
std::string_view raw_at(std::string_view text, int line) {
  for (int number = 1; number < line && !text.empty(); ++number)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text = text.substr(0, text.find('\n'));
  return text.substr(std::min(text.find('=') + 1, text.size()));
}

using Line = std::pair<std::string, int>;  // a name and where it stands

// What each reader makes of each line; the first reader's lines come first.
std::map<Line, std::vector<Misreading>> lines_of(const http::EnvironmentFile& file) {
  std::map<Line, std::vector<Misreading>> lines;
  if (is_shell_file(file.path)) {
    const auto read = settings::read_dotenv_settings(file.content, settings::Reader::shell);
    for (const settings::Setting& setting : *read)
      lines[{setting.name, setting.line}].push_back({settings::Reader::shell, setting});
    return lines;
  }
  for (const settings::Reading& reading : settings::read_as_all(file.content)) {
    if (!reading.settings) continue;
    for (const settings::Setting& setting : *reading.settings)
      lines[{setting.name, setting.line}].push_back({reading.reader, setting});
  }
  return lines;
}

// The value that most readers give, and those that give another.
Value value_of(const http::EnvironmentFile& file, const Line& line,
               const std::vector<Misreading>& readings) {
  const auto alike = [&](const Misreading& reading) {
    return std::ranges::count_if(readings, [&](const Misreading& other) {
      return other.setting.value == reading.setting.value;
    });
  };
  const Misreading& usual = *std::ranges::max_element(readings, {}, alike);
  Value value{.place = fmt::format("{}, line {}", file.path, line.second),
              .name = line.first,
              .value = usual.setting.value.reveal(),
              .file = &file,
              .misreadings = {}};
  for (const Misreading& reading : readings) {
    if (!(reading.setting.value == usual.setting.value)) value.misreadings.push_back(reading);
  }
  const std::string_view raw = raw_at(file.content, line.second), inner = base::trim(raw);
  value.quoted = inner.size() > 1 && (inner[0] == '"' || inner[0] == '\'') &&
                 inner.find(inner[0], 1) != std::string_view::npos;
  value.carriage_return = raw.ends_with('\r');
  const auto behind = value.quoted ? inner.find(inner[0], 1) : 0;
  value.comment = inner.substr(behind).contains(" #");
  return value;
}

}  // namespace

bool is_dotenv(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.starts_with(".env") || name.ends_with(".env") || name == "env" ||
         name == "environment" || is_shell_file(path);
}

Values values_of(const Case& c) {
  Values values;
  for (const auto& [name, value] : c.bundle.environment.variables)
    values.push_back(
        {fmt::format("variable {}", name), name, value, nullptr, false, false, false, false, {}});
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!is_dotenv(file.path)) continue;
    const auto lines = lines_of(file);
    Values found;
    std::vector<int> numbers;
    for (const auto& [line, readings] : lines) {
      if (line.first.starts_with("\xef\xbb\xbf")) continue;  // the same line by its right name
      found.push_back(value_of(file, line, readings));
      numbers.push_back(line.second);
    }
    // The map is in the order of names; what a file says is told in its own.
    std::vector<std::size_t> order(found.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return numbers[i]; });
    for (const std::size_t i : order) values.push_back(std::move(found[i]));
    if (!order.empty())
      values[values.size() - order.size()].byte_order_mark =
          file.content.starts_with("\xef\xbb\xbf");
  }
  return values;
}

bool holds_key(const Case& c, std::string_view name) {
  if (c.provider && one_of(c.provider->variables, name)) return true;
  const bool says_key =
      contains_ignoring_case(name, "key") || contains_ignoring_case(name, "token") ||
      contains_ignoring_case(name, "secret") || contains_ignoring_case(name, "passw");
  return says_key && !contains_ignoring_case(name, "url");
}

void inspect_environment(const Case& c, diagnosis::Findings& findings) {
  const Values values = values_of(c);
  judge_copies(c, values, findings);
  judge_expansion(c, values, findings);
  judge_cut_values(c, findings);
  judge_other_keys_in_files(c, findings);
  judge_lines(c, values, findings);
  judge_not_loaded(c, values, findings);
  judge_base_urls(c, values, findings);
  judge_netrc(c, findings);
  judge_unset_references(c, findings);
  judge_secret_manifests(c, findings);
  judge_address_lists(c, findings);
  judge_cleared_headers(c, findings);
  judge_processes(c, values, findings);
}

}  // namespace locksmith::inspect
