// Keeps yaml-cpp 0.7, which Debian 12 has, from reading for ever: a comma where a document should
// begin is taken for an empty document, and not taken away, until the memory is used up.
// https://github.com/jbeder/yaml-cpp/pull/1319
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

// Whether a row begins a block of `name:` at the first column: it goes on to the document's end,
// and a comma within it is an error. A list, or what is indented, ends at a row that is less so.
bool begins_block(std::string_view row) {
  const auto end = std::ranges::find_if_not(row, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
  const auto rest = base::trim(std::string_view(end, row.end()));
  return end != row.begin() && row.front() != '-' && (rest == ":" || rest.starts_with(": "));
}

// Few files have a document that begins otherwise; only those are read twice.
bool is_harmless(std::string_view text) {
  bool open = false;  // a document has begun
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    const std::string_view line = base::trim(row);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool marker = row.starts_with("---") || row.starts_with("...");
    const bool other_break = row.substr(0, row.empty() ? 0 : row.size() - 1).contains('\r');
    const bool directive = row.starts_with('%');  // ends a document as a marker does
    if (other_break || directive || (marker && line.size() > 3)) return false;
    if (marker) open = false;
    if (marker || open || line.empty() || line.starts_with('#')) continue;
    if (!begins_block(row)) return false;
    open = true;
  }
  return true;
}

class Watch : public YAML::EventHandler {
 public:
  YAML::Mark begin = YAML::Mark::null_mark();
  bool stalled = false;

  void OnDocumentStart(const YAML::Mark& mark) override {
    stalled = mark.pos == begin.pos;
    begin = mark;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

}  // namespace

std::optional<std::size_t> where_yaml_stalls(std::string_view text) {
  if (is_harmless(text)) return std::nullopt;
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  Watch watch;
  while (parser.HandleNextDocument(watch)) {
    if (watch.stalled) return static_cast<std::size_t>(watch.begin.line) + 1;
  }
  return std::nullopt;
}

}  // namespace locksmith::settings
