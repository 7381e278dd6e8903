// locksmith providers: what is known of whom, and help for those who teach it more.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/text.hpp"
#include "catalogue/find.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/provider_check.hpp"
#include "cli/provider_skeleton.hpp"
#include "report/known.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> words, files, catalogues;
  std::string name, output;
  std::string color = "auto";
  bool json = false;
};

constexpr const char* footer = R"(Examples:
  locksmith providers                      who is known
  locksmith providers api.example.com      whose host is this? (also: a name, a variable, the start of a key)
  locksmith providers show github          how it takes keys, what its refusals mean
  locksmith providers new acme --output acme.toml
  locksmith providers check acme.toml

A file in ~/.config/locksmith/catalogue/providers/ teaches Locksmith your own API.
docs/teach-a-provider.md tells how.)";

report::TextStyle style_of(const Options& options) {
  return {.color = wants_color(options.color), .width = terminal_width()};
}

int list(const Options& options) {
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  const catalogue::Found found = catalogue::find(catalogues.all(), options.words);
  if (options.json) {
    print(report::list_as_json(found));
    return found.empty() ? exit_nothing : exit_ok;
  }
  if (found.empty()) {
    // The words are not repeated: one may be a key whose owner was looked for.
    report_error({ErrorCode::usage, "nobody who is known fits these words",
                  "locksmith providers lists all; docs/teach-a-provider.md tells how to add one"});
    return exit_nothing;
  }
  print(report::list_as_text(found, style_of(options)));
  if (options.words.empty()) {
    fmt::print(
        "\n{} providers, {} intermediaries. locksmith providers show NAME tells all of one.\n",
        found.providers.size(), found.intermediaries.size());
  }
  return exit_ok;
}

int nobody(const Options& options, const Catalogues& catalogues) {
  if (const auto error = catalogues.error()) return report_error(*error);
  const std::string_view near = catalogue::nearest_slug(catalogues.all(), options.name);
  return report_error(
      {ErrorCode::usage, fmt::format("nobody is known as {}", base::printable(options.name)),
       near.empty() ? "locksmith providers lists all"
                    : fmt::format("did you mean {}? locksmith providers lists all", near)});
}

int show(const Options& options) {
  const Catalogues catalogues(options.catalogues);
  const catalogue::Catalogue& catalogue = catalogues.all();
  const std::string slug = base::lower(options.name);
  if (const catalogue::Provider* provider = catalogue.provider(slug)) {
    print(options.json ? report::as_json(*provider)
                       : report::as_text(*provider, catalogue, style_of(options)));
  } else if (const auto* intermediary = catalogue::intermediary(catalogue, slug)) {
    print(options.json ? report::as_json(*intermediary)
                       : report::as_text(*intermediary, catalogue, style_of(options)));
  } else {
    return nobody(options, catalogues);
  }
  return exit_ok;
}

// The skeleton with its first line's name replaced.
std::string skeleton_for(std::string_view name) {
  std::string text(provider_skeleton);
  constexpr std::string_view sample = "\"Example\"";
  const std::size_t at = text.find(sample);
  if (at != text.npos) text.replace(at, sample.size(), fmt::format("\"{}\"", name));
  return text;
}

int create(const Options& options) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (options.name.find_first_not_of(allowed) != std::string::npos) {
    return report_error({ErrorCode::usage,
                         fmt::format("\"{}\" is no name", base::printable(options.name)),
                         "lower case, digits and '-', as in acme-billing"});
  }
  const std::string text = skeleton_for(options.name);
  if (options.output.empty()) {
    print(text);
    return exit_ok;
  }
  // "x": whatever stands there already is somebody's work.
  std::FILE* file = std::fopen(options.output.c_str(), "wx");
  if (!file) {
    const bool taken = errno == EEXIST;
    return report_error({ErrorCode::unreadable,
                         fmt::format("cannot write {}: {}", options.output, std::strerror(errno)),
                         taken ? "name another file; nothing is overwritten" : ""});
  }
  const bool complete = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !complete) {
    return report_error({ErrorCode::unreadable,
                         fmt::format("{} was not written completely", options.output),
                         "is the disk full?"});
  }
  fmt::print("{} is written; when it is filled in: locksmith providers check {}\n", options.output,
             options.output);
  return exit_ok;
}

void add_reading_options(arguments::Command& command, Options& options) {
  add_catalogue_option(command, options.catalogues);
  command.add_flag("--json", options.json, "print it for machines (docs/json-output.md)");
  command.add_option("--color", options.color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
}

}  // namespace

Run add_providers(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command =
      program.add_subcommand("providers",
                             "Shows whose keys and refusals are known, and checks new "
                             "files.");
  command->require_subcommand(0, 1);
  command->add_option("words", options->words,
                      "only those that all words fit: a name, host, variable, start of a key");
  add_reading_options(*command, *options);
  command->footer(footer);

  arguments::Command* shown = command->add_subcommand("show", "Tells all that is known of one.");
  shown->add_option("name", options->name, "a provider or intermediary, e.g. github")->required();
  add_reading_options(*shown, *options);
  shown->footer(
      "Examples:\n  locksmith providers show github\n"
      "  locksmith providers show cloudflare-access --json");

  arguments::Command* created =
      command->add_subcommand("new", "Prints a commented file to fill in.");
  created->add_option("name", options->name, "lower case, digits, '-'")->required();
  created->add_option("--output", options->output, "write it there; nothing is overwritten")
      ->type_name("FILE");
  created->footer(
      "Examples:\n  locksmith providers new acme > acme.toml\n"
      "  locksmith providers new acme --output "
      "~/.config/locksmith/catalogue/providers/acme.toml");

  arguments::Command* checked = command->add_subcommand(
      "check", "Says what is wrong with a file, and runs its examples against all that is known.");
  checked->add_option("file", options->files, "a provider's file, or a folder of the catalogue")
      ->required()
      ->existing_path();
  add_catalogue_option(*checked, options->catalogues);
  checked->footer(
      "The file of an intermediary stands in a folder named intermediaries.\n"
      "Exit codes: 0 nothing is wrong   1 something is   2 usage\n\n"
      "Examples:\n  locksmith providers check acme.toml\n"
      "  locksmith providers check ~/.config/locksmith/catalogue");

  return [options, shown, created, checked] {
    if (shown->parsed()) return show(*options);
    if (created->parsed()) return create(*options);
    if (checked->parsed()) return check_provider_files(options->files, options->catalogues);
    return list(*options);
  };
}

}  // namespace locksmith::cli
