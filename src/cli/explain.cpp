// locksmith explain [CAUSE]: the page of a cause, or the list of all.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/decision_tree.hpp"
#include "cli/output.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::string cause;
  std::vector<std::string> catalogues;
  bool list = false;
  bool tree = false;
  std::string color = "auto";
};

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

// A folder of the user's that cannot be read matters only where the page may stand in it.
int no_such_cause(const Options& options, const Catalogues& catalogues) {
  if (const auto error = catalogues.error()) return report_error(*error);
  std::vector<std::string_view> slugs;
  for (const catalogue::Cause& cause : catalogues.all().causes) slugs.push_back(cause.slug);
  const std::string_view near = base::nearest(options.cause, slugs);
  return report_error(
      {ErrorCode::usage, fmt::format("there is no cause {}", base::printable(options.cause)),
       near.empty() ? "`locksmith explain` lists all"
                    : fmt::format("did you mean {}? `locksmith explain` lists all", near)});
}

int run(const Options& options) {
  const Catalogues catalogues(options.catalogues);
  const catalogue::Catalogue& catalogue = catalogues.all();
  const bool color = wants_color(options.color);
  if (options.tree) return print(decision_tree);
  if (options.list) return print(list(catalogue));
  if (options.cause.empty()) return print(overview(catalogue, color));
  if (const catalogue::Cause* cause = catalogue.cause(options.cause)) {
    return print(page(*cause, color));
  }
  return no_such_cause(options, catalogues);
}

}  // namespace

Run add_explain(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "explain", "Explains a cause: how it looks, why it happens, how to be sure, how to fix it.");
  command->add_option("cause", options->cause,
                      "its name, e.g. whitespace; without one all are listed");
  command->add_flag("--list", options->list, "one cause per line, for scripts");
  command->add_flag("--tree", options->tree, "the decision tree from 401 or 403 to the cause");
  add_catalogue_option(*command, options->catalogues);
  command->add_option("--color", options->color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
  command->footer(
      "Examples:\n  locksmith explain\n  locksmith explain whitespace\n  locksmith explain --tree");
  return [options] { return run(*options); };
}

}  // namespace locksmith::cli
