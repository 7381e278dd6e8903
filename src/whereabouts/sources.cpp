// What a file is, by its path, and which reader it gets.
#include "whereabouts/sources.hpp"

#include <array>

namespace locksmith::whereabouts {
namespace {

struct Known {
  std::string_view folder;  // the path has it; empty: any
  std::string_view start, end;
  Source source;
};

// The first that fits.
constexpr std::array<Known, 51> known_files{{
    {"", ".envrc", "", Source::envrc},
    {"", ".env", "", Source::dotenv},
    {"", "", ".env", Source::dotenv},
    {"", ".flaskenv", "", Source::dotenv},
    {"", ".dev.vars", "", Source::dotenv},
    {"", "docker-compose", ".yml", Source::compose},
    {"", "docker-compose", ".yaml", Source::compose},
    {"", "compose", ".yml", Source::compose},
    {"", "compose", ".yaml", Source::compose},
    {"", "Dockerfile", "", Source::dockerfile},
    {"", "Containerfile", "", Source::dockerfile},
    {"", "", ".dockerfile", Source::dockerfile},
    {".github/workflows/", "", ".yml", Source::ci},
    {".github/workflows/", "", ".yaml", Source::ci},
    {".circleci/", "", ".yml", Source::ci},
    {"", ".gitlab-ci", ".yml", Source::ci},
    {"", "azure-pipelines", ".yml", Source::ci},
    {"", "bitbucket-pipelines", ".yml", Source::ci},
    {"", ".travis", ".yml", Source::ci},
    {"", "Jenkinsfile", "", Source::ci},
    {".vscode/", "", ".json", Source::ide_json},
    {".devcontainer/", "", ".json", Source::ide_json},
    {".idea/runConfigurations/", "", ".xml", Source::ide_xml},
    {"", "", ".run.xml", Source::ide_xml},
    {"", "ecosystem.config", ".json", Source::pm2_json},
    {"", "pm2", ".json", Source::pm2_json},
    {"", "dump.pm2", "", Source::pm2_json},
    {"", "ecosystem.config", "js", Source::javascript},
    {"", "supervisord.conf", "", Source::supervisor},
    {"supervisor/", "", ".conf", Source::supervisor},
    {"", "", ".service", Source::units},
    {"", "crontab", "", Source::crontab},
    {"", "appsettings", ".json", Source::structured},
    {"", "local.settings.json", "", Source::structured},
    {"", "application", ".properties", Source::structured},
    {"", "wrangler", "toml", Source::structured},
    {"", "fly.toml", "", Source::structured},
    {"", "settings", ".toml", Source::structured},  // Dynaconf
    {"", ".secrets", ".toml", Source::structured},
    {".streamlit/", "secrets", ".toml", Source::structured},
    {"", "", ".tfvars", Source::structured},
    {"", "", ".tfvars.json", Source::structured},
    {"config/", "", ".json", Source::structured},
    {"", "gradle", ".properties", Source::structured},
    {"", "netlify.toml", "", Source::structured},
    {"", ".npmrc", "", Source::client},
    {"", ".netrc", "", Source::client},
    {"", ".pypirc", "", Source::client},
    {"", "pip.conf", "", Source::client},
    {"", "", ".yml", Source::kubernetes},  // or a framework's: its text tells
    {"", "", ".yaml", Source::kubernetes},
}};

}  // namespace

std::optional<Source> source_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view end : {"example", "sample", "template", ".dist"}) {
    const bool dotenv = name.starts_with(".env") || name.starts_with("env.");
    if (name.ends_with(end)) return dotenv ? std::optional(Source::dotenv) : std::nullopt;
  }
  for (const Known& known : known_files) {
    if (name.size() >= known.start.size() + known.end.size() && name.starts_with(known.start) &&
        name.ends_with(known.end) && (known.folder.empty() || path.contains(known.folder)))
      return known.source;
  }
  return std::nullopt;
}

Consumer consumer_of(Source source) {
  switch (source) {
    case Source::dotenv:
      return Consumer::dotenv;
    case Source::envrc:
      return Consumer::direnv;
    case Source::shell:
    case Source::fish:
    case Source::pam:
      return Consumer::startup;
    case Source::units:
    case Source::unit_file:
      return Consumer::systemd;
    case Source::crontab:
      return Consumer::cron;
    case Source::compose:
      return Consumer::compose;
    case Source::kubernetes:
      return Consumer::kubernetes;
    case Source::ci:
      return Consumer::ci;
    case Source::dockerfile:
      return Consumer::image;
    case Source::ide_json:
    case Source::ide_xml:
      return Consumer::ide;
    case Source::pm2_json:
    case Source::javascript:
    case Source::supervisor:
      return Consumer::supervisor;
    case Source::structured:
      return Consumer::framework;
    case Source::client:
      return Consumer::client;
  }
  return Consumer::framework;
}

FileRead read_file(Source source, const File& file, const Names& names) {
  FileRead read;
  const Consumer consumer = consumer_of(source);
  switch (source) {
    case Source::dotenv:
      read_dotenv(file, names, read);
      break;
    case Source::envrc:
    case Source::shell:
      read_shell(file, consumer, names, read);
      break;
    case Source::fish:
      read_fish(file, names, read);
      break;
    case Source::pam:
      read_pam(file, names, read);
      break;
    case Source::units:
      read_unit(file, names, read);
      break;
    case Source::unit_file:
      read_unit_file(file, names, read);
      break;
    case Source::crontab:
      read_crontab(file, names, read);
      break;
    case Source::compose:
      read_compose(file, names, read);
      break;
    case Source::kubernetes:
      read_kubernetes(file, names, read);
      break;
    case Source::ci:
      read_ci(file, names, read);
      break;
    case Source::dockerfile:
      read_dockerfile(file, names, read);
      break;
    case Source::ide_xml:
      read_xml(file, names, read);
      break;
    case Source::javascript:
      read_javascript(file, names, read);
      break;
    case Source::supervisor:
      read_supervisor(file, names, read);
      break;
    case Source::ide_json:
    case Source::pm2_json:
    case Source::structured:
    case Source::client:
      read_structured(file, consumer, names, read);
      break;
  }
  return read;
}

}  // namespace locksmith::whereabouts
