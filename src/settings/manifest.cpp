// Which of a manifest's settings are base64, and what they decode to.
#include "settings/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace locksmith::settings {
namespace {

struct Object {
  std::string kind, name;
};
using Objects = std::map<std::string, Object, std::less<>>;  // by the start of their paths

// "items.0." of "items.0.kind": a List holds its objects under `items`. Else empty.
std::string_view start_of(std::string_view path) {
  constexpr std::string_view items = "items.";
  if (!path.starts_with(items)) return {};
  const auto dot = path.find_first_not_of("0123456789", items.size());
  return dot != std::string_view::npos && dot > items.size() && path[dot] == '.'
             ? path.substr(0, dot + 1)
             : std::string_view();
}

Objects objects_in(const std::vector<Setting>& settings) {
  Objects objects;
  for (const Setting& setting : settings) {
    const std::string_view start = start_of(setting.name);
    const std::string_view rest = std::string_view(setting.name).substr(start.size());
    if (rest == "kind") objects[std::string(start)].kind = setting.value.reveal();
    if (rest == "metadata.name") objects[std::string(start)].name = setting.value.reveal();
  }
  return objects;
}

// As Go reads it, which is what Kubernetes is written in: line ends are skipped, the padding is
// not optional. https://pkg.go.dev/encoding/base64#NewDecoder
void decode(Setting& setting) {
  std::string text = setting.value.reveal();
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
  const auto decoded = base::base64_decode(text);
  setting.oddities.clear();
  if (!decoded) {
    setting.oddities.emplace_back("is not base64, as `data` must be");
    return;
  }
  if (text.size() % 4 != 0)
    setting.oddities.emplace_back("lacks the padding of base64, so that Kubernetes refuses it");
  if (decoded->ends_with('\n'))
    setting.oddities.emplace_back("ends in a line feed once it is decoded");
  else if (decoded->ends_with('\r') || base::trim(*decoded).size() != decoded->size())
    setting.oddities.emplace_back("has white space around it once it is decoded");
  if (!base::is_valid_utf8(*decoded))
    setting.oddities.emplace_back("is no text once it is decoded: was it encoded at all?");
  setting.value = base::Secret(*decoded);
}

}  // namespace

bool is_manifest(std::string_view text) {
  const auto has = [&](std::string_view name) {
    return text.contains(std::string(name) + ":") || text.contains(fmt::format("\"{}\"", name));
  };
  return has("apiVersion") && has("kind");
}

std::vector<Document> documents_of(std::string_view text) {
  std::vector<Document> documents{{text, 1}};
  int line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view row = text.substr(start, end - start);
    // YAML 1.2.2, section 9.1.2: white space follows.
    const bool marker =
        row == "---" || row == "---\r" || row.starts_with("--- ") || row.starts_with("---\t");
    if (marker && start > 0) {
      Document& open = documents.back();
      const std::size_t from = static_cast<std::size_t>(open.text.data() - text.data());
      open.text = text.substr(from, start - from);
      documents.push_back({text.substr(start), line});
    }
    start = end + 1;
  }
  return documents;
}

void decode_secrets(std::vector<Setting>& settings) {
  constexpr std::string_view data = "data.", text = "stringData.";
  const Objects objects = objects_in(settings);
  std::set<std::string, std::less<>> plain;  // as they would be named under `data`
  const auto part_of = [&](const Setting& setting, std::string_view kind) -> std::string_view {
    const std::string_view start = start_of(setting.name);
    const auto object = objects.find(start);
    if (object == objects.end() || object->second.kind != kind) return {};
    return std::string_view(setting.name).substr(start.size());
  };
  for (const Setting& setting : settings) {
    const std::string_view part = part_of(setting, "Secret");
    if (part.starts_with(text))
      plain.insert(fmt::format("{}{}{}", start_of(setting.name), data, part.substr(text.size())));
  }
  std::erase_if(settings, [&](const Setting& setting) { return plain.contains(setting.name); });
  for (Setting& setting : settings) {
    if (part_of(setting, "Secret").starts_with(data)) decode(setting);
    // https://github.com/bitnami-labs/sealed-secrets
    if (!part_of(setting, "SealedSecret").starts_with("spec.encryptedData.")) continue;
    setting.known = false;
    setting.oddities = {"is sealed: only the cluster can tell the value"};
  }
}

Result<std::vector<Setting>> read_manifest(std::string_view text, Format format) {
  std::vector<std::pair<std::vector<Setting>, Objects>> parts;
  std::size_t count = 0;
  const auto documents =
      format == Format::yaml ? documents_of(text) : std::vector<Document>{{text, 1}};
  for (const Document& document : documents) {
    auto settings = read_settings(document.text, format);
    if (!settings) {  // the line that the message names should be that of the whole text
      auto whole = read_settings(text, format);
      return whole ? settings : whole;
    }
    decode_secrets(*settings);
    for (Setting& setting : *settings) setting.line += document.first_line - 1;
    Objects objects = objects_in(*settings);
    std::erase_if(objects, [](const auto& one) { return one.second.kind.ends_with("List"); });
    count += objects.size();
    parts.emplace_back(std::move(*settings), std::move(objects));
  }
  std::vector<Setting> all;
  for (auto& [settings, objects] : parts) {
    for (Setting& setting : settings) {
      const std::string_view start = start_of(setting.name);
      if (const auto object = objects.find(start); count > 1 && object != objects.end())
        setting.name = fmt::format("{}.{}.{}", object->second.kind, object->second.name,
                                   std::string_view(setting.name).substr(start.size()));
      all.push_back(std::move(setting));
    }
  }
  return all;
}

Result<std::vector<Setting>> read_values(std::string_view text, Format format) {
  const bool tree = format == Format::yaml || format == Format::json;
  return tree && is_manifest(text) ? read_manifest(text, format) : read_settings(text, format);
}

}  // namespace locksmith::settings
