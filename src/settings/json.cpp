// JSON, with the comments and trailing commas that editors' settings have.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <string>
#include <vector>

#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

namespace json = boost::json;

// Takes the parser's events. No text of JSON runs over a line's end, so the line that is being fed
// is the one where a name stands.
class Events {
 public:
  constexpr static std::size_t max_object_size = -1;
  constexpr static std::size_t max_array_size = -1;
  constexpr static std::size_t max_key_size = -1;
  constexpr static std::size_t max_string_size = -1;

  Gatherer gathered;
  std::size_t line = 1;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open(false); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open(true); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    name_ = std::move(text_);
    text_.clear();
    name_line_ = line;
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    return append(part);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    enter();
    gathered.add(text_, in_array() ? line : name_line_);
    text_.clear();
    return leave();
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return skip(); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return skip(); }
  bool on_double(double, json::string_view, json::error_code&) { return skip(); }
  bool on_bool(bool, json::error_code&) { return skip(); }
  bool on_null(json::error_code&) { return skip(); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Level {
    bool array;
    std::size_t next = 0;  // index of the next element
  };

  bool in_array() const { return !levels_.empty() && levels_.back().array; }

  bool append(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  void enter() {
    if (levels_.empty()) return;
    if (in_array())
      gathered.enter(levels_.back().next);
    else
      gathered.enter(name_);
  }
  bool leave() {
    if (levels_.empty()) return true;
    gathered.leave();
    ++levels_.back().next;
    return true;
  }
  bool open(bool array) {
    enter();
    levels_.push_back({array});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return leave();
  }
  bool skip() {
    if (!levels_.empty()) ++levels_.back().next;
    return true;
  }

  std::vector<Level> levels_;
  std::string text_, name_;
  std::size_t name_line_ = 1;
};

}  // namespace

Settings read_json(std::string_view text) {
  json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  options.max_depth = 256;
  json::basic_parser<Events> parser(options);
  Events& events = parser.handler();
  for (std::size_t start = 0; start < text.size(); ++events.line) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    json::error_code error;
    const std::size_t used =
        parser.write_some(end < text.size(), text.data() + start, end - start, error);
    // What follows the document is no JSON either, unless it is white space.
    if (error || used != end - start) return not_of_format("JSON", events.line);
    start = end;
  }
  if (!parser.done()) return not_of_format("JSON", std::max<std::size_t>(events.line, 2) - 1);
  return events.gathered.take("JSON");
}

}  // namespace locksmith::settings
