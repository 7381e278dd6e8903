#include "authority/toml_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "authority/units.hpp"
#include "base/nearest.hpp"

namespace locksmith::authority {
namespace {

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

std::string suggestion(std::string_view word, std::span<const std::string_view> choice) {
  const std::string_view best = base::nearest(word, choice);
  if (!best.empty()) return fmt::format("did you mean `{}`?", best);
  return fmt::format("there are: {}", fmt::join(choice, ", "));
}

}  // namespace

void Faults::add(int line, std::string what, std::string_view hint) {
  if (!hint.empty()) what += fmt::format("; {}", hint);
  found.emplace_back(line, std::move(what));
}

Fields::Fields(Faults& faults, const toml::table& table, std::string title)
    : faults_(&faults), table_(&table), title_(std::move(title)) {}

const toml::node* Fields::find(std::string_view name) {
  asked_.push_back(name);
  return table_->get(name);
}

void Fields::fault(std::string_view field, std::string what, std::string_view hint) const {
  const toml::node* node = table_->get(field);
  faults_->add(node ? line_of(*node) : line_of(*table_), std::move(what), hint);
}

void Fields::wrong_type(const toml::node& node, std::string_view name,
                        std::string_view wanted) const {
  faults_->add(line_of(node), fmt::format("`{}` must be {}", name, wanted));
}

std::string Fields::text(std::string_view name, std::string otherwise) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  if (const auto* text = node->as_string()) return text->get();
  wrong_type(*node, name, "a text");
  return otherwise;
}

std::string Fields::required_text(std::string_view name) {
  std::string value = text(name);
  if (value.empty() && (!has(name) || table_->get(name)->is_string()))
    fault(name, fmt::format("{}: `{}` is missing", title_, name));
  return value;
}

std::size_t Fields::one_of(std::string_view name, std::span<const std::string_view> choice) {
  const std::string value = text(name, std::string(choice.front()));
  const auto found = std::ranges::find(choice, value);
  if (found != choice.end()) return static_cast<std::size_t>(found - choice.begin());
  fault(name, fmt::format("`{}` cannot be \"{}\"", name, value), suggestion(value, choice));
  return 0;
}

bool Fields::flag(std::string_view name, bool otherwise) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  if (const auto* flag = node->as_boolean()) return flag->get();
  wrong_type(*node, name, "true or false");
  return otherwise;
}

std::size_t Fields::number(std::string_view name, std::size_t otherwise, std::size_t least,
                           std::size_t most) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  const auto value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (value && *value >= 0 && static_cast<std::size_t>(*value) >= least &&
      static_cast<std::size_t>(*value) <= most)
    return static_cast<std::size_t>(*value);
  wrong_type(*node, name, fmt::format("a whole number from {} to {}", least, most));
  return otherwise;
}

std::chrono::seconds Fields::duration(std::string_view name, std::chrono::seconds otherwise) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  const auto* text = node->as_string();
  const auto value = text ? parse_duration(text->get()) : std::nullopt;
  if (value) return *value;
  wrong_type(*node, name, "a duration such as \"24h\"");
  return otherwise;
}

std::size_t Fields::size(std::string_view name, std::size_t otherwise) {
  const toml::node* node = find(name);
  if (!node) return otherwise;
  std::optional<std::size_t> value;
  if (const auto* text = node->as_string()) value = parse_size(text->get());
  if (value && *value > 0) return *value;
  wrong_type(*node, name, "a size such as \"16KiB\"");
  return otherwise;
}

std::vector<std::string> Fields::texts(std::string_view name) {
  const toml::node* node = find(name);
  std::vector<std::string> out;
  if (!node) return out;
  const auto add = [&](const toml::node& item) {
    const auto* text = item.as_string();
    if (text && !text->get().empty())
      out.push_back(text->get());
    else
      wrong_type(item, name, "a text or a list of texts, none of them empty");
  };
  if (const auto* list = node->as_array()) {
    for (const toml::node& item : *list) add(item);
  } else {
    add(*node);
  }
  return out;
}

Rate Fields::rate_table(const toml::table& table, std::string_view name) {
  Fields fields(*faults_, table, fmt::format("`{}`", name));
  Rate rate;
  rate.requests = static_cast<std::uint32_t>(fields.number("requests", 1, 1, UINT32_MAX));
  rate.period = fields.duration("per", std::chrono::seconds(1));
  rate.burst = static_cast<std::uint32_t>(fields.number("burst", 0, 0, UINT32_MAX));
  if (!fields.has("requests")) fields.fault("requests", "`requests` is missing");
  if (rate.period.count() == 0 || rate.period > std::chrono::days(366)) {
    fields.fault("per", "`per` must be from one second to one year");
    rate.period = std::chrono::seconds(1);
  }
  fields.finish();
  return rate;
}

std::optional<Rate> Fields::rate(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  if (const auto* table = node->as_table()) return rate_table(*table, name);
  const auto* text = node->as_string();
  const auto rate = text ? parse_rate(text->get()) : std::nullopt;
  if (!rate)
    wrong_type(*node, name, "a rate such as \"100/minute\" or { requests = 100, per = \"1m\" }");
  return rate;
}

std::optional<Quota> Fields::quota(std::string_view name) {
  const toml::node* node = find(name);
  if (!node) return {};
  const auto* text = node->as_string();
  const auto quota = text ? parse_quota(text->get()) : std::nullopt;
  if (!quota) wrong_type(*node, name, "a quota such as \"1000/day\" or \"100000/month\"");
  return quota;
}

void Fields::each(std::string_view name, const std::function<void(Fields&)>& read) {
  const toml::node* node = find(name);
  if (!node) return;
  const auto* list = node->as_array();
  if (!list) return wrong_type(*node, name, fmt::format("a list of tables: [[{}]]", name));
  for (const toml::node& item : *list) {
    const auto* table = item.as_table();
    if (!table) {
      wrong_type(item, name, fmt::format("a list of tables: [[{}]]", name));
      continue;
    }
    Fields fields(*faults_, *table, fmt::format("[[{}]]", name));
    read(fields);
    fields.finish();
  }
}

void Fields::table(std::string_view name, const std::function<void(Fields&)>& read) {
  const toml::node* node = find(name);
  if (!node) return;
  const auto* table = node->as_table();
  if (!table) return wrong_type(*node, name, fmt::format("a table: [{}]", name));
  Fields fields(*faults_, *table, fmt::format("[{}]", name));
  read(fields);
  fields.finish();
}

void Fields::finish() const {
  for (const auto& [key, node] : *table_) {
    const std::string_view name = key.str();
    if (std::ranges::find(asked_, name) != asked_.end()) continue;
    faults_->add(static_cast<int>(key.source().begin.line),
                 fmt::format("unknown field `{}`{}{}", name, title_.empty() ? "" : " in ", title_),
                 suggestion(name, asked_));
  }
}

}  // namespace locksmith::authority
