// Reads what recognises, explains and exemplifies an answer: [[recognise]], [[refusal]],
// [[example]].
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/read.hpp"

namespace locksmith::catalogue {
namespace {

// The server itself names the cause; `also` share its answer; what nobody published counts less.
constexpr double named_cause = 30, shared_answer = 26, unsourced_factor = 0.6;

using What = Condition::What;

// A name and what it must hold, as a pair of fields.
struct Pair {
  What what;
  std::string_view name, text;
};
constexpr Pair pairs[] = {
    {What::pointer, "pointer", "equals"},
    {What::header, "header", "contains"},
    {What::request_header, "request_header", "request_contains"},
};

std::vector<Condition> read_conditions(const Reading& reading, Fields& table) {
  std::vector<Condition> out;
  for (const auto& [what, name_field, text_field] : pairs) {
    const std::string_view name = table.text(name_field);
    const std::string_view text = table.value_text(text_field);
    if (!name.empty()) {
      out.push_back(
          {what, name, what == What::pointer ? text : reading.arena.keep(base::lower(text))});
      if (what == What::pointer && name.front() != '/') {
        table.problem(name_field,
                      fmt::format("the JSON pointer \"{}\" does not start with '/'", name),
                      "RFC 6901: /error/code");
      }
    } else if (table.has(text_field)) {
      table.problem(text_field, fmt::format("`{}` without `{}`", text_field, name_field));
    }
  }
  for (const std::string_view text : table.texts("body")) {
    out.push_back({What::body, {}, reading.arena.keep(base::lower(text))});
  }
  if (const std::string_view path = table.text("path"); !path.empty()) {
    out.push_back({What::path, {}, path});
    if (path.front() != '/') table.problem("path", "`path` does not start with '/'");
  }
  if (const std::string_view host = table.text("host"); !host.empty())
    out.push_back({What::host, {}, host});
  return out;
}

std::vector<Weight> read_weights(const Names& names, Fields& table) {
  std::vector<Weight> weights;
  const std::string_view cause = table.text("cause");
  if (!cause.empty()) add_weight(names, table, "cause", cause, named_cause, weights);
  const std::vector<std::string_view> also = table.texts("also");
  for (const std::string_view other : also) {
    add_weight(names, table, "also", other, shared_answer, weights);
  }
  if (!also.empty() && cause.empty()) table.problem("also", "`also` without `cause`");
  if (auto finer = table.table("weights")) {
    for (const auto& [name, decibans] : finer->numbers()) {
      add_weight(names, *finer, name, name, decibans, weights);
    }
  }
  return weights;
}

std::vector<int> read_statuses(Fields& table) {
  std::vector<int> statuses = table.integers("status");
  for (const int status : statuses) {
    if (status < 100 || status > 599) {
      table.problem("status", fmt::format("{} is no HTTP status", status));
    }
  }
  return statuses;
}

Refusal read_refusal(const Reading& reading, const Names& names, Fields& table) {
  Refusal refusal;
  refusal.statuses = reading.arena.keep(read_statuses(table));
  refusal.when = reading.arena.keep(read_conditions(reading, table));
  refusal.answer = table.text("answer");
  if (!refusal.answer.empty() && !names.answers.empty() &&
      std::ranges::find(names.answers, refusal.answer) == names.answers.end()) {
    table.problem("answer", fmt::format("unknown answer \"{}\"", refusal.answer),
                  suggestion(refusal.answer, names.answers));
  }
  std::vector<Weight> weights = read_weights(names, table);
  refusal.note = table.text("note");
  refusal.look_next = table.text("look_next");
  refusal.source = table.source();
  refusal.checked = table.date("checked");
  if (refusal.source == "unsourced") {
    for (Weight& weight : weights) weight.decibans *= unsourced_factor;
  }
  refusal.weights = reading.arena.keep(weights);
  if (refusal.answer.empty() && weights.empty()) {
    table.problem("answer",
                  "[[refusal]] says nothing: `answer`, `cause` and `weights` are missing");
  }
  if (refusal.statuses.empty() && refusal.when.empty()) {
    table.problem("status", "[[refusal]] fits every answer: it has neither status nor condition");
  }
  table.finish();
  return refusal;
}

void check_causes(const Names& names, const Fields& table, std::string_view field,
                  const std::vector<std::string_view>& causes) {
  if (names.causes.empty()) return;
  for (const std::string_view cause : causes) {
    if (std::ranges::find(names.causes, cause) != names.causes.end()) continue;
    table.problem(field, fmt::format("unknown cause \"{}\"", cause),
                  suggestion(cause, names.causes));
  }
}

}  // namespace

std::span<const Condition> read_recognise(const Reading& reading, Fields& file) {
  std::vector<Condition> out;
  for (Fields& table : file.tables("recognise")) {
    const std::vector<Condition> conditions = read_conditions(reading, table);
    if (conditions.size() != 1) {
      reading.problem(table.line(), "[[recognise]] holds exactly one condition",
                      "write one [[recognise]] for each: any of them is enough");
    }
    out.insert(out.end(), conditions.begin(), conditions.end());
    table.finish();
  }
  return reading.arena.keep(out);
}

std::span<const Refusal> read_refusals(const Reading& reading, const Names& names, Fields& file) {
  std::vector<Refusal> refusals;
  std::vector<int> lines;
  for (Fields& table : file.tables("refusal")) {
    refusals.push_back(read_refusal(reading, names, table));
    lines.push_back(table.line());
  }
  check_shadowed(reading, refusals, lines);
  return reading.arena.keep(refusals);
}

void read_examples(const Reading& reading, const Names& names, Fields& file, Owner owner,
                   std::vector<Example>& examples) {
  for (Fields& table : file.tables("example")) {
    Example example;
    example.owner = owner.slug;
    example.intermediary = owner.intermediary;
    example.name = table.required_text("name");
    example.request = table.required_text("request");
    example.response = table.required_text("response");
    const auto expect = table.texts("expect"), expect_not = table.texts("expect_not");
    check_causes(names, table, "expect", expect);
    check_causes(names, table, "expect_not", expect_not);
    if (expect.empty() && expect_not.empty()) {
      table.problem("expect", "[[example]] expects nothing",
                    "name the causes that must be ranked first");
    }
    example.expect = reading.arena.keep(expect);
    example.expect_not = reading.arena.keep(expect_not);
    example.source = table.source();
    example.checked = table.date("checked");
    example.file = reading.arena.keep(reading.file);
    example.line = table.line();
    table.finish();
    examples.push_back(example);
  }
}

}  // namespace locksmith::catalogue
