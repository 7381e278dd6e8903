#include "doctor/surroundings.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/text.hpp"
#include "credential/credential.hpp"
#include "http/netrc.hpp"
#include "http/url.hpp"
#include "whereabouts/find.hpp"

namespace locksmith::doctor {
namespace {

// curl(1), "ENVIRONMENT".
constexpr std::array<const char*, 8> proxy_variables = {"HTTP_PROXY",  "http_proxy", "HTTPS_PROXY",
                                                        "https_proxy", "ALL_PROXY",  "all_proxy",
                                                        "NO_PROXY",    "no_proxy"};

void add_variable(http::Environment& environment, const std::string& name) {
  if (const char* value = std::getenv(name.c_str())) environment.variables.emplace(name, value);
}

void add_variables_of(const catalogue::Provider& provider, http::Environment& environment) {
  for (const auto names : {provider.variables, provider.base_url_variables}) {
    for (const std::string_view name : names) add_variable(environment, std::string(name));
  }
}

void add_variables_with_key(const http::Request& request, http::Environment& environment) {
  constexpr std::size_t shortest = 8;  // a shorter value is another variable's by chance
  const auto credentials = credential::find_credentials(request);
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view line = *entry;
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string_view value = line.substr(std::min(equals + 1, line.size()));
    if (value.size() < shortest) continue;
    const bool sent = std::ranges::any_of(credentials, [&](const credential::Credential& c) {
      return value == c.secret() || value == c.value.reveal();
    });
    if (sent) environment.variables.emplace(line.substr(0, equals), value);
  }
}

// --- where else on this machine the variable is set

// The variables that clients of this API read, and those that hold the very key that is sent.
std::vector<std::string> names_of_key(const http::Environment& environment,
                                      const catalogue::Provider* provider) {
  std::vector<std::string> names;
  if (provider) names.assign(provider->variables.begin(), provider->variables.end());
  for (const auto& [name, value] : environment.variables) {
    const bool proxy = std::ranges::find(proxy_variables, name) != proxy_variables.end();
    const bool url = provider && std::ranges::find(provider->base_url_variables, name) !=
                                     provider->base_url_variables.end();
    if (!proxy && !url) names.push_back(name);
  }
  return names;
}

// Those lines of a file that the findings are about; all others become empty, so that what is saved
// tells no more of a person's files, and line numbers stay.
std::string only_lines(std::string_view text, const std::vector<int>& wanted) {
  std::string out;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (std::ranges::find(wanted, ++number) != wanted.end()) out += text.substr(start, end - start);
    out += '\n';
    start = end + 1;
  }
  return out;
}

void add_lines(http::Environment& environment, const std::string& path,
               const std::vector<int>& lines) {
  constexpr std::size_t most_bytes = 256 << 10;
  const auto known = std::ranges::find(environment.files, path, &http::EnvironmentFile::path);
  if (known != environment.files.end()) return;
  const auto content = base::read_regular_file(path, most_bytes);
  struct stat facts {};
  if (!content || ::stat(path.c_str(), &facts) != 0) return;
  environment.files.push_back({.path = path,
                               .content = only_lines(*content, lines),
                               .modified = base::Time(std::chrono::seconds(facts.st_mtime))});
}

// Files of this folder, of those above and of shells, and processes that hold the very key that is
// sent: what another process has says nothing of this request. No walk, so that it costs little.
void add_whereabouts(Question& question, const catalogue::Catalogue& catalogue) {
  using whereabouts::Consumer;
  http::Environment& environment = question.bundle.environment;
  const http::Request& request = question.bundle.failure().request;
  const auto names =
      names_of_key(environment, catalogue.provider_of_host(http::parse_url(request.url).host));
  if (names.empty()) return;
  whereabouts::Where where = whereabouts::here();
  where.below = false;
  where.system = false;
  where.variables.clear();
  const auto credentials = credential::find_credentials(request);
  std::map<std::string, std::vector<int>> lines;
  for (const whereabouts::Place& place :
       whereabouts::find_places(where, whereabouts::Names(names)).places) {
    const bool sent = std::ranges::any_of(credentials, [&](const credential::Credential& c) {
      return place.value.reveal() == c.secret() || place.value.reveal() == c.value.reveal();
    });
    if (place.consumer == Consumer::dotenv || place.consumer == Consumer::direnv ||
        place.consumer == Consumer::startup) {
      // Production's key is not meant here, unless it is the one that was sent.
      const bool meant = place.environment.empty() || sent;
      if (place.holds == whereabouts::Holds::value && meant)
        lines[place.path].push_back(place.line);
    } else if (place.consumer == Consumer::process && place.rank == 0) {
      if (!sent || place.value.empty()) continue;
      environment.processes.push_back({.pid = place.pid,
                                       .command = place.program,
                                       .started = place.since,
                                       .variables = {{place.name, place.value.reveal()}}});
    }
  }
  for (const auto& [path, numbers] : lines) add_lines(environment, path, numbers);
}

// Null when it cannot be read.
const http::EnvironmentFile* add_file(http::Environment& environment, const std::string& path) {
  constexpr std::size_t most_bytes = 256 << 10;
  auto content = base::read_regular_file(path, most_bytes);
  if (!content) return nullptr;
  struct stat facts {};
  std::optional<base::Time> modified;
  if (::stat(path.c_str(), &facts) == 0)
    modified = base::Time(std::chrono::seconds(facts.st_mtime));
  environment.files.push_back({.path = path, .content = std::move(*content), .modified = modified});
  return &environment.files.back();
}

// curl(1), --netrc: a login on the command line or an own Authorization wins over the file.
void apply_netrc(Question& question) {
  std::string path = question.options.netrc_file;
  if (const char* home = std::getenv("HOME"); path.empty() && home) {
    path = std::string(home) + "/.netrc";
  }
  const http::EnvironmentFile* file = add_file(question.bundle.environment, path);
  http::Request& request = question.bundle.exchanges.at(question.bundle.failing).request;
  const http::Url url = http::parse_url(request.url);
  if (!file || request.headers.has("authorization") || !url.userinfo.empty()) return;
  const auto login = http::netrc_login(file->content, url.host);
  if (!login) return;
  const std::string pair = login->user + ":" + login->password;
  request.headers.add("Authorization", "Basic " + base::base64_encode(pair));
}

}  // namespace

void add_surroundings(Question& question, const catalogue::Catalogue& catalogue) {
  http::Environment& environment = question.bundle.environment;
  for (const char* name : proxy_variables) add_variable(environment, name);
  const http::Request& request = question.bundle.failure().request;
  const http::Url url = http::parse_url(request.url);
  if (const catalogue::Provider* provider = catalogue.provider_of_host(url.host)) {
    add_variables_of(*provider, environment);
  }
  add_variables_with_key(request, environment);
  add_file(environment, ".env");
  add_whereabouts(question, catalogue);
  if (question.options.use_netrc) apply_netrc(question);
}

}  // namespace locksmith::doctor
