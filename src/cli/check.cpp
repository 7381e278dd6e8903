// locksmith check: what kind of key is it, whose, is it whole, and is it still accepted?
#include "check/check.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "catalogue/find.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/key_argument.hpp"
#include "cli/output.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> sources, catalogues;
  std::string provider, base_url;
  bool offline = false, json = false;
  std::string color = "auto";
};

const std::string footer = std::string(keyring::sources_help()) + R"(

Live is the default: the provider's whoami is asked, over HTTPS and at its own host alone. When the key is
refused, up to three more harmless requests find out why. No key is shown.

Exit codes:
  0 whole, and accepted where it was asked   1 something is wrong   2 usage   3 cannot tell   4 unreachable

Examples:
  locksmith check env:GITHUB_TOKEN
  locksmith check --offline file:.env#STRIPE_SECRET_KEY
  locksmith check env:GITLAB_TOKEN --base-url https://gitlab.example.com
  pass show api/key | locksmith check --provider deepl
  locksmith check env:OPENAI_API_KEY vault:secret/app#openai op://dev/openai/key)";

Result<const catalogue::Provider*> find_provider(const catalogue::Catalogue& catalogue,
                                                 const std::string& name) {
  if (name.empty()) return nullptr;
  if (const auto* provider = catalogue.provider(name)) return provider;
  if (const auto* provider = catalogue.provider_of_host(name)) return provider;
  const std::string_view near = catalogue::nearest_slug(catalogue, name);
  return fail(ErrorCode::usage, "no provider is called " + name,
              near.empty() ? "locksmith providers list names them"
                           : "did you mean " + std::string(near) + "?");
}

base::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void ask_all(std::vector<check::Checked>& all, const Options& options,
             const catalogue::Catalogue& catalogue, const Interruption& interruption) {
  const auto transport = probe::curl_transport(interruption.token());
  for (check::Checked& checked : all) {
    if (interruption.happened()) break;
    check::ask(checked, catalogue,
               {.base_url = options.base_url, .now = now(), .progress = show_progress}, *transport);
  }
  show_progress({});
}

int answer(const std::vector<check::Checked>& all, const Options& options) {
  const check::TextStyle style{.color = wants_color(options.color), .width = terminal_width()};
  print(options.json     ? check::as_json(all)
        : all.size() > 1 ? check::as_table(all, style, now())
                         : check::as_text(all.front(), style, now()));
  return check::exit_code(all);
}

int run(const Options& options) {
  if (!options.base_url.empty()) {
    if (const auto fit = check::check_base_url(options.base_url); !fit)
      return report_error(fit.error());
  }
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  const auto provider = find_provider(catalogues.all(), options.provider);
  if (!provider) return report_error(provider.error());
  const auto keys = take_keys(options.sources);
  if (!keys) return report_error(keys.error());

  std::vector<check::Checked> all;
  for (const keyring::NamedKey& key : *keys)
    all.push_back(check::look_at(key, catalogues.all(), *provider, now()));
  if (!options.offline) {
    const Interruption interruption;
    ask_all(all, options, catalogues.all(), interruption);
    if (interruption.happened()) return exit_interrupted;
  }
  return answer(all, options);
}

}  // namespace

Run add_check(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "check", "Says what kind of key it is, whose, whether it is whole, and still accepted.");
  command->add_option("KEY", options->sources, "keys, each by a name (below)");
  command->add_flag("--offline", options->offline, "send nothing at all");
  command->add_option("--provider", options->provider, "whose key it is, when it does not show")
      ->type_name("NAME");
  command
      ->add_option("--base-url", options->base_url,
                   "where the provider's software is hosted; the key is sent there")
      ->type_name("URL");
  command->add_flag("--json", options->json, "print for machines (docs/json-output.md)");
  add_catalogue_option(*command, options->catalogues);
  command->add_option("--color", options->color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
  command->footer(footer);
  return [options] { return run(*options); };
}

}  // namespace locksmith::cli
