// Reads the pages of causes/ (Markdown behind TOML front matter) and answers.toml.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "catalogue/read.hpp"

namespace locksmith::catalogue {
namespace {

constexpr std::string_view fence = "+++";

struct Page {
  std::string front;  // an empty line stands for the first fence, so that line numbers hold
  std::string_view markdown;
};

std::optional<Page> split_page(std::string_view text) {
  if (!text.starts_with("+++\n")) return {};
  const std::size_t end = text.find("\n+++\n", fence.size());
  if (end == text.npos) return {};
  Page page{std::string(text.substr(fence.size(), end + 1 - fence.size())), text.substr(end + 5)};
  while (page.markdown.starts_with('\n')) page.markdown.remove_prefix(1);
  return page;
}

std::span<const Cause::Prior> read_prior(const Reading& reading, Fields& file) {
  std::vector<Cause::Prior> priors;
  auto table = file.table("prior");
  if (!table) {
    if (!file.has("prior"))
      file.problem("prior", "`prior` is missing", "prior = { \"401\" = -6, other = -20 }");
    return {};
  }
  bool has_other = false;
  for (const auto& [name, decibans] : table->numbers()) {
    int status = 0;
    if (name == "other") {
      has_other = true;
    } else {
      const auto parsed = std::from_chars(name.data(), name.data() + name.size(), status);
      if (parsed.ptr != name.data() + name.size() || status < 100 || status > 599) {
        table->problem(name, fmt::format("`prior` has no place for \"{}\"", name),
                       "a status, or other");
      }
    }
    priors.push_back({status, decibans});
  }
  if (!has_other)
    file.problem("prior", "`prior` lacks `other`: how likely it is for any other status");
  return reading.arena.keep(priors);
}

Cause read_front(const Reading& reading, Fields& file, std::string_view slug) {
  Cause cause;
  cause.slug = slug;
  cause.title = file.required_text("title");
  cause.sentence = file.required_text("sentence");
  cause.group = file.one_of("group", {"credential", "permission", "request"}, "");
  cause.statuses = file.required_text("statuses");
  cause.who = file.one_of("who", {"caller", "key-admin", "provider", "operator"}, "");
  cause.priors = read_prior(reading, file);
  cause.fix = reading.arena.keep(file.texts("fix"));
  if (cause.fix.empty()) file.problem("fix", "`fix` is missing: what makes the request work");
  cause.look_next = file.text("look_next");
  return cause;
}

std::vector<std::string_view> lowered(const Reading& reading, std::vector<std::string_view> texts) {
  for (std::string_view& text : texts) text = reading.arena.keep(base::lower(text));
  return texts;
}

}  // namespace

Cause read_cause(const Reading& reading, std::string_view text, std::string_view slug) {
  Cause cause;
  const std::optional<Page> page = split_page(text);
  if (!page) {
    reading.problem(1, "the page does not open with TOML front matter", "between two lines of +++");
    return cause;
  }
  with_toml(reading, page->front, [&](Fields& file) { cause = read_front(reading, file, slug); });
  cause.slug = slug;
  cause.page = reading.arena.keep(page->markdown);
  if (base::trim(cause.page).empty())
    reading.problem(0, "the page has no text behind its front matter");
  return cause;
}

std::vector<Answer> read_answers(const Reading& reading, const Names& names, Fields& file) {
  std::vector<Answer> answers;
  for (Fields& table : file.tables("answer")) {
    Answer answer;
    answer.kind = table.required_text("kind");
    answer.says = table.required_text("says");
    std::vector<Weight> weights;
    if (auto list = table.table("weights")) {
      for (const auto& [cause, decibans] : list->numbers()) {
        add_weight(names, *list, cause, cause, decibans, weights);
      }
    }
    if (weights.empty()) table.problem("weights", "[[answer]]: `weights` is missing");
    answer.weights = reading.arena.keep(weights);
    answer.phrases = reading.arena.keep(lowered(reading, table.texts("phrases")));
    answer.hints = reading.arena.keep(lowered(reading, table.texts("hints")));
    if (std::ranges::find(answers, answer.kind, &Answer::kind) != answers.end()) {
      table.problem("kind", fmt::format("answer \"{}\" occurs twice", answer.kind));
    }
    table.finish();
    answers.push_back(answer);
  }
  return answers;
}

void add_weight(const Names& names, const Fields& at, std::string_view field,
                std::string_view cause, double decibans, std::vector<Weight>& weights) {
  if (!names.causes.empty() && std::ranges::find(names.causes, cause) == names.causes.end()) {
    at.problem(field, fmt::format("unknown cause \"{}\"", cause), suggestion(cause, names.causes));
  }
  if (std::ranges::find(weights, cause, &Weight::cause) != weights.end()) {
    at.problem(field, fmt::format("cause \"{}\" is named twice", cause));
  }
  weights.push_back({cause, decibans});
}

}  // namespace locksmith::catalogue
