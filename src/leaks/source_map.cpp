// A scanner of its own, because a JSON library does not tell where in the text a string stood. It
// goes over the map once and keeps the last "sources" and "sourcesContent"; an index map has
// several of both, in any order within their object.
#include "leaks/source_map.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <vector>

namespace locksmith::leaks {
namespace {

class Scanner {
 public:
  Scanner(std::string_view map, std::size_t offset) : map_(map), offset_(offset) {}

  std::string run() {
    std::vector<Level> levels{{}};
    while (at_ < map_.size()) {
      const char c = map_[at_];
      if (c == '"') {
        string(levels.back());
        continue;
      }
      ++at_;
      if (c == '{') {
        if (levels.size() > 100) return {};
        levels.emplace_back();
      } else if (c == '}') {
        if (std::string found = original(levels.back()); !found.empty()) return found;
        if (levels.size() > 1) levels.pop_back();
      } else if (c == '[') {
        open_array(levels.back());
      } else if (c == ']') {
        levels.back().array = Array::other;
        levels.back().name = {};
      } else if (c == ',') {
        if (levels.back().array == Array::other)
          levels.back().name = {};
        else if (levels.back().array == Array::contents)
          ++levels.back().index;
      }
    }
    return {};
  }

 private:
  enum class Array { other, sources, contents };
  struct Level {            // of objects
    std::string_view name;  // the last one
    Array array = Array::other;
    std::size_t index = 0;  // in the array
    std::vector<std::string_view> sources;
    std::optional<std::size_t> hit;  // the content that holds the offset …
    std::size_t line = 0;            // … and the line within it
  };

  void open_array(Level& level) {
    level.index = 0;
    level.array = level.name == "sources"          ? Array::sources
                  : level.name == "sourcesContent" ? Array::contents
                                                   : Array::other;
  }

  // The text between the quotes, as written.
  std::string_view raw() {
    const std::size_t start = ++at_;
    while (at_ < map_.size() && map_[at_] != '"') at_ += map_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, map_.size());
    const std::string_view text = map_.substr(start, at_ - start);
    ++at_;
    return text;
  }

  void string(Level& level) {
    const std::size_t start = at_ + 1;
    const std::string_view text = raw();
    if (level.array == Array::sources) {
      level.sources.push_back(text);
    } else if (level.array == Array::contents) {
      if (offset_ < start || offset_ >= start + text.size()) return;
      level.hit = level.index;
      level.line = 1 + line_feeds(text.substr(0, offset_ - start));
    } else {
      level.name = text;
    }
  }

  static std::size_t line_feeds(std::string_view escaped) {
    std::size_t n = 0;
    for (std::size_t i = 0; i + 1 < escaped.size(); ++i) {
      if (escaped[i] != '\\') continue;
      n += escaped[i + 1] == 'n';
      ++i;
    }
    return n;
  }

  static std::string original(const Level& level) {
    if (!level.hit || *level.hit >= level.sources.size()) return {};
    boost::system::error_code error;
    const auto name =
        boost::json::parse("\"" + std::string(level.sources[*level.hit]) + "\"", error);
    if (error || !name.is_string()) return {};
    return std::string(name.get_string()) + ":" + std::to_string(level.line);
  }

  std::string_view map_;
  std::size_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

std::string original_of(std::string_view map, std::size_t offset) {
  return Scanner(map, offset).run();
}

}  // namespace locksmith::leaks
