#include "catalogue/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.hpp"

namespace locksmith::catalogue {
namespace {

int line_at(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string_view>& choice) {
  const std::string_view best = base::nearest(word, choice);
  if (!best.empty()) return fmt::format("did you mean `{}`?", best);
  if (choice.empty() || choice.size() > 40) return {};
  return fmt::format("there are: {}", fmt::join(choice, ", "));
}

Fields::Fields(const Reading& reading, const toml::table& table, std::string title)
    : reading_(&reading), table_(&table), title_(std::move(title)), line_(line_at(table)) {}

const toml::node* Fields::find(std::string_view name) {
  asked_.push_back(name);
  return table_->get(name);
}

int Fields::line_of(std::string_view name) const {
  const toml::node* node = table_->get(name);
  return node ? line_at(*node) : line_;
}

void Fields::problem(std::string_view field, std::string message, std::string hint) const {
  reading_->problem(line_of(field), std::move(message), std::move(hint));
}

void Fields::wrong_type(const toml::node& node, std::string_view name,
                        std::string_view wanted) const {
  reading_->problem(line_at(node), fmt::format("`{}` must be {}", name, wanted));
}

std::string_view Fields::text(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  if (const auto* text = node->as_string()) return reading_->arena.keep(text->get());
  wrong_type(*node, name, "a text");
  return {};
}

std::string_view Fields::required_text(std::string_view name) {
  const std::string_view value = text(name);
  if (value.empty() && (!has(name) || table_->get(name)->is_string())) {
    problem(name, fmt::format("{}{}`{}` is missing", title_, title_.empty() ? "" : ": ", name));
  }
  return value;
}

std::string_view Fields::one_of(std::string_view name, const std::vector<std::string_view>& choice,
                                std::string_view otherwise) {
  if (!has(name)) {
    asked_.push_back(name);
    if (otherwise.empty())
      problem(name, fmt::format("{}: `{}` is missing", title_, name), suggestion("", choice));
    return otherwise;
  }
  const std::string_view value = text(name);
  if (std::ranges::find(choice, value) != choice.end()) return value;
  if (table_->get(name)->is_string()) {
    problem(name, fmt::format("`{}` cannot be \"{}\"", name, value), suggestion(value, choice));
  }
  return otherwise;
}

bool Fields::flag(std::string_view name, bool otherwise) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  if (const auto* flag = node->as_boolean()) return flag->get();
  wrong_type(*node, name, "true or false");
  return otherwise;
}

std::optional<double> Fields::number(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  if (node->is_number()) return node->value<double>();
  wrong_type(*node, name, "a number");
  return {};
}

std::string_view Fields::date(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  const auto* date = node->as_date();
  if (!date) {
    wrong_type(*node, name, "a date without quotes: 2026-11-21");
    return {};
  }
  const toml::date day = date->get();
  return reading_->arena.keep(fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day));
}

std::string_view Fields::value_text(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  if (const auto* flag = node->as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* integer = node->as_integer()) {
    return reading_->arena.keep(std::to_string(integer->get()));
  }
  if (const auto* text = node->as_string()) return reading_->arena.keep(text->get());
  wrong_type(*node, name, "a text, a whole number, true or false");
  return {};
}

std::vector<std::string_view> Fields::texts(std::string_view name) {
  const toml::node* node = find(name);
  std::vector<std::string_view> out;
  if (!node) return out;
  const auto add = [&](const toml::node& item) {
    const auto* text = item.as_string();
    if (!text)
      wrong_type(item, name, "a text or a list of texts");
    else if (text->get().empty())
      reading_->problem(line_at(item), fmt::format("`{}` holds an empty text", name));
    else
      out.push_back(reading_->arena.keep(text->get()));
  };
  if (const auto* list = node->as_array()) {
    for (const toml::node& item : *list) add(item);
  } else {
    add(*node);
  }
  return out;
}

std::vector<int> Fields::integers(std::string_view name) {
  const toml::node* node = find(name);
  std::vector<int> out;
  if (!node) return out;
  const auto add = [&](const toml::node& item) {
    const auto value = item.is_integer() ? item.value<int>() : std::nullopt;
    if (value)
      out.push_back(*value);
    else
      wrong_type(item, name, "a whole number or a list of them");
  };
  if (const auto* list = node->as_array()) {
    for (const toml::node& item : *list) add(item);
  } else {
    add(*node);
  }
  return out;
}

std::vector<Fields> Fields::tables(std::string_view name) {
  const toml::node* node = find(name);
  std::vector<Fields> out;
  if (!node) return out;
  const auto* list = node->as_array();
  if (!list) {
    wrong_type(*node, name, fmt::format("a list of tables: [[{}]]", name));
    return out;
  }
  for (const toml::node& item : *list) {
    if (const auto* table = item.as_table())
      out.emplace_back(*reading_, *table, fmt::format("[[{}]]", name));
    else
      wrong_type(item, name, fmt::format("a list of tables: [[{}]]", name));
  }
  return out;
}

std::optional<Fields> Fields::table(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  if (const auto* table = node->as_table())
    return Fields(*reading_, *table, fmt::format("[{}]", name));
  wrong_type(*node, name, fmt::format("a table: [{}]", name));
  return {};
}

std::vector<std::pair<std::string_view, double>> Fields::numbers() {
  std::vector<std::pair<std::string_view, double>> out;
  for (const auto& [key, node] : *table_) {
    const std::string_view name = reading_->arena.keep(key.str());
    if (const auto value = number(name)) out.emplace_back(name, *value);
  }
  return out;
}

std::string_view Fields::source() {
  const std::string_view source = required_text("source");
  const bool is_url = source.starts_with("https://") || source.starts_with("http://");
  if (!source.empty() && !is_url && source != "unsourced") {
    problem("source", "`source` must be a URL",
            "what nobody published is \"unsourced\", and counts for less");
  }
  return source;
}

void Fields::finish() const {
  for (const auto& [key, node] : *table_) {
    const std::string_view name = key.str();
    if (std::ranges::find(asked_, name) != asked_.end()) continue;
    reading_->problem(
        static_cast<int>(key.source().begin.line),
        fmt::format("unknown field `{}`{}{}", name, title_.empty() ? "" : " in ", title_),
        suggestion(name, asked_));
  }
}

}  // namespace locksmith::catalogue
