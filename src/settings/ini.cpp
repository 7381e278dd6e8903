// Sections of `name = value`: ~/.aws/credentials, pip.conf, .pypirc, supervisor's files, as
// Python's configparser reads them (https://docs.python.org/3/library/configparser.html); AWS'
// command line reads its files with it. Quotes and what follows a value stay part of it.
#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

class IniReader {
 public:
  // Whether the line can stand in such a file.
  bool take(std::string_view line, int number) {
    const std::string_view inner = base::trim(line);
    if (inner.empty() || inner.starts_with('#') || inner.starts_with(';')) return true;
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (indented && !open_.empty()) {
      value_ += value_.empty() ? "" : "\n";
      value_ += inner;
      return true;
    }
    finish();
    if (inner.starts_with('[')) return section(inner);
    const std::size_t separator = inner.find_first_of("=:");
    if (separator == 0) return false;
    if (separator == std::string_view::npos) return true;  // a name alone, as MySQL has it
    const std::string_view name = base::trim(inner.substr(0, separator));
    open_ = section_.empty() ? std::string(name) : section_ + "." + std::string(name);
    value_ = base::trim(inner.substr(separator + 1));
    line_ = number;
    return true;
  }

  void finish() {
    if (open_.empty()) return;
    std::vector<std::string> oddities = oddities_of(value_);
    if (value_.contains(" #") || value_.contains(" ;"))
      oddities.push_back("a comment became part of the value");
    settings.push_back(
        {std::move(open_), base::Secret(std::move(value_)), line_, std::move(oddities)});
    open_.clear();
    value_.clear();
  }

  std::vector<Setting> settings;

 private:
  bool section(std::string_view inner) {
    const std::size_t close = inner.find(']');
    if (close == std::string_view::npos) return false;
    section_ = base::trim(inner.substr(1, close - 1));
    return true;
  }

  std::string section_, open_, value_;  // open_: the setting whose value may go on
  int line_ = 0;
};

}  // namespace

Settings read_ini(std::string_view text) {
  IniReader reader;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (!reader.take(text.substr(start, end - start), ++number))
      return not_of_format("INI", static_cast<std::size_t>(number));
    start = end + 1;
  }
  reader.finish();
  return std::move(reader.settings);
}

}  // namespace locksmith::settings
