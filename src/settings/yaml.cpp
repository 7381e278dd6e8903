// YAML, one document or several: compose files, Kubernetes manifests, CI files.
#include <yaml-cpp/yaml.h>

#include <exception>

#include "base/text.hpp"
#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

constexpr std::size_t most_depth = 200;      // an anchor may hold its own alias
constexpr std::size_t most_nodes = 1 << 18;  // aliases of aliases stand for any number of nodes
constexpr std::size_t least_key = 16;

enum class Plain { text, number, word };

// What a plain scalar is to the core schema (YAML 1.2.2, section 10.3.2) and to readers of
// YAML 1.1.
Plain kind_of(std::string_view text) {
  for (const std::string_view word : {"", "~", "null", "true", "false", "yes", "no", "on", "off"}) {
    if (base::equals_ignoring_case(text, word)) return Plain::word;
  }
  std::size_t digits = 0;
  bool exponent = false, point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool sign =
        (c == '+' || c == '-') && (i == 0 || base::lower(text.substr(i - 1, 1)) == "e");
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c == '.' && !point && !exponent) {
      point = true;
    } else if ((c == 'e' || c == 'E') && digits > 0 && !exponent && i + 1 < text.size()) {
      exponent = true;
    } else if (!sign) {
      return Plain::text;
    }
  }
  return digits > 0 ? Plain::number : Plain::text;
}

class Walk {
 public:
  explicit Walk(Gatherer& out) : out_(out) {}

  void visit(const YAML::Node& node, int line) {
    if (++nodes_ > most_nodes || out_.depth() > most_depth || out_.overflows()) {
      exceeded_ = true;
    } else if (node.IsScalar()) {
      scalar(node, line);
    } else if (node.IsMap()) {
      map(node);
    } else if (node.IsSequence()) {
      std::size_t index = 0;
      for (const YAML::Node& element : node) {
        out_.enter(index++);
        visit(element, element.Mark().line);
        out_.leave();
        if (exceeded_) return;
      }
    }
  }

  bool exceeded() const { return exceeded_; }

 private:
  void scalar(const YAML::Node& node, int line) {
    const std::string& text = node.Scalar();
    const auto at = static_cast<std::size_t>(line) + 1;
    const Plain kind = node.Tag() == "?" ? kind_of(text) : Plain::text;
    if (kind == Plain::text)
      out_.add(text, at);
    else if (kind == Plain::number && text.size() >= least_key)
      out_.add(text, at, "YAML reads it as a number: it needs quotes");
  }

  // `<<` brings the members of another map; what the map itself says wins, so it comes later.
  // https://yaml.org/type/merge.html
  void map(const YAML::Node& node) {
    for (const bool merged : {true, false}) {
      for (const auto& member : node) {
        if (exceeded_) return;
        const YAML::Node &key = member.first, &value = member.second;
        const std::string name = key.IsScalar() ? key.Scalar() : std::string("?");
        if ((name == "<<" && key.Tag() == "?") != merged) continue;
        if (merged) {
          merge(value);
          continue;
        }
        out_.enter(name);
        visit(value, key.Mark().line);
        out_.leave();
      }
    }
  }

  void merge(const YAML::Node& value) {
    if (++merges_ > most_depth) {
      exceeded_ = true;
    } else if (value.IsMap()) {
      visit(value, value.Mark().line);
    } else if (value.IsSequence()) {
      // The first one wins.
      for (std::size_t i = value.size(); i-- > 0 && !exceeded_;) visit(value[i], value.Mark().line);
    }
    --merges_;
  }

  Gatherer& out_;
  std::size_t nodes_ = 0, merges_ = 0;
  bool exceeded_ = false;
};

}  // namespace

Settings read_yaml(std::string_view text) {
  try {
    if (const auto line = where_yaml_stalls(text)) return not_of_format("YAML", *line);
    Gatherer gathered;
    Walk walk(gathered);
    for (const YAML::Node& document : YAML::LoadAll(std::string(text)))
      walk.visit(document, document.Mark().line);
    if (walk.exceeded())
      return fail(ErrorCode::unreadable, "stands for too much YAML",
                  "it is nested too deeply, or its aliases stand for too many values");
    return gathered.take("YAML");
  } catch (const YAML::Exception& error) {
    return not_of_format("YAML",
                         static_cast<std::size_t>(error.mark.line < 0 ? 0 : error.mark.line) + 1);
  } catch (const std::exception&) {
    return not_of_format("YAML", 1);
  }
}

}  // namespace locksmith::settings
