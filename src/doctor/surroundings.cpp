#include "doctor/surroundings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/text.hpp"
#include "credential/credential.hpp"
#include "http/netrc.hpp"
#include "http/url.hpp"

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

// Null when it cannot be read.
const http::EnvironmentFile* add_file(http::Environment& environment, const std::string& path) {
  constexpr std::size_t most_bytes = 256 << 10;
  auto content = base::read_regular_file(path, most_bytes);
  if (!content) return nullptr;
  environment.files.push_back({.path = path, .content = std::move(*content), .modified = {}});
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
  if (question.options.use_netrc) apply_netrc(question);
}

}  // namespace locksmith::doctor
