// locksmith explain [CAUSE]: the page of a cause, or the list of all.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/catalogue.hpp"
#include "cli/commands.hpp"
#include "cli/decision_tree.hpp"
#include "cli/output.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::string cause;
  bool list = false;
  bool tree = false;
  std::string color = "auto";
};

// How many single-character edits lead from one word to the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t keep = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({keep, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string_view nearest_cause(const catalogue::Catalogue& catalogue, std::string_view word) {
  const auto nearest = std::ranges::min_element(
      catalogue.causes, {},
      [&](const catalogue::Cause& cause) { return distance(word, cause.slug); });
  return nearest == catalogue.causes.end() ? std::string_view() : nearest->slug;
}

std::string heading(std::string_view text, bool color) {
  return color ? fmt::format("\x1b[1m{}\x1b[0m\n", text) : fmt::format("{}\n", text);
}

std::string overview(const catalogue::Catalogue& catalogue, bool color) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> groups{
      {{"credential", "Who are you? (usually 401)"},
       {"permission", "I know you, but no (usually 403)"},
       {"request", "Not really about the key"}}};
  std::string out;
  for (const auto& [group, title] : groups) {
    out += heading(title, color);
    for (const catalogue::Cause& cause : catalogue.causes) {
      if (cause.group == group) out += fmt::format("  {:<24}{}\n", cause.slug, cause.title);
    }
    out += '\n';
  }
  return out +
         "locksmith explain CAUSE shows the page of one, locksmith explain --tree the way from a\n"
         "status to a cause.\n";
}

std::string page(const catalogue::Cause& cause, bool color) {
  std::string out = heading(fmt::format("# {}: {}", cause.slug, cause.title), color) + "\n";
  bool code = false;
  std::string_view text = cause.page;
  while (text.starts_with('\n')) text.remove_prefix(1);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    if (line.starts_with("```")) code = !code;
    out += heading(line, color && !code && line.starts_with('#'));
    start = end + 1;
  }
  return fmt::format("{}\n{}\n{}\n", out, heading("## 401 or 403?", color), cause.statuses);
}

std::string list(const catalogue::Catalogue& catalogue) {
  std::string out;
  for (const catalogue::Cause& cause : catalogue.causes) {
    out += fmt::format("{:<24}{}\n", cause.slug, cause.title);
  }
  return out;
}

int run(const Options& options) {
  const catalogue::Catalogue& catalogue = catalogue::embedded();
  const bool color = wants_color(options.color);
  if (options.tree) return print(decision_tree);
  if (options.list) return print(list(catalogue));
  if (options.cause.empty()) return print(overview(catalogue, color));
  if (const catalogue::Cause* cause = catalogue.cause(options.cause)) {
    return print(page(*cause, color));
  }
  return report_error({ErrorCode::usage,
                       fmt::format("there is no cause {}", base::printable(options.cause)),
                       fmt::format("did you mean {}? `locksmith explain` lists all",
                                   nearest_cause(catalogue, options.cause))});
}

}  // namespace

Run add_explain(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "explain", "Explains a cause: how it looks, why it happens, how to be sure, how to fix it.");
  command->add_option("cause", options->cause,
                      "its name, e.g. whitespace; without one all are listed");
  command->add_flag("--list", options->list, "one cause per line, for scripts");
  command->add_flag("--tree", options->tree, "the decision tree from 401 or 403 to the cause");
  command->add_option("--color", options->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->footer(
      "Examples:\n  locksmith explain\n  locksmith explain whitespace\n  locksmith explain --tree");
  return [options] { return run(*options); };
}

}  // namespace locksmith::cli
