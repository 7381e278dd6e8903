#include "doctor/surroundings.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include "base/file.hpp"
#include "base/text.hpp"
#include "http/netrc.hpp"
#include "http/url.hpp"

namespace locksmith::doctor {
namespace {

constexpr std::array<const char*, 8> proxy_variables{"HTTP_PROXY",  "http_proxy", "HTTPS_PROXY",
                                                     "https_proxy", "ALL_PROXY",  "all_proxy",
                                                     "NO_PROXY",    "no_proxy"};

void add_variable(http::Environment& environment, const std::string& name) {
  if (const char* value = std::getenv(name.c_str())) environment.variables.emplace(name, value);
}

void add_file(http::Environment& environment, const std::string& path) {
  constexpr std::size_t most_bytes = 256 << 10;
  if (auto content = base::read_regular_file(path, most_bytes))
    environment.files.push_back({.path = path, .content = std::move(*content), .modified = {}});
}

// curl(1), --netrc: a login on the command line or an own Authorization wins over the file.
void apply_netrc(Question& question) {
  const char* home = std::getenv("HOME");
  const std::string path = !question.options.netrc_file.empty() ? question.options.netrc_file
                           : home                               ? std::string(home) + "/.netrc"
                                                                : std::string();
  if (path.empty()) return;
  http::Environment& environment = question.bundle.environment;
  const std::size_t before = environment.files.size();
  add_file(environment, path);
  http::Request& request = question.bundle.exchanges.at(question.bundle.failing).request;
  const http::Url url = http::parse_url(request.url);
  if (environment.files.size() == before || request.headers.has("authorization") ||
      !url.userinfo.empty())
    return;
  if (const auto login = http::netrc_login(environment.files.back().content, url.host)) {
    request.headers.add("Authorization",
                        "Basic " + base::base64_encode(login->user + ":" + login->password));
  }
}

}  // namespace

void add_surroundings(Question& question, const catalogue::Catalogue& catalogue) {
  http::Environment& environment = question.bundle.environment;
  for (const char* name : proxy_variables) add_variable(environment, name);
  const http::Url url = http::parse_url(question.bundle.failure().request.url);
  if (const catalogue::Provider* provider = catalogue.provider_of_host(url.host)) {
    for (const std::string_view name : provider->variables)
      add_variable(environment, std::string(name));
    for (const std::string_view name : provider->base_url_variables)
      add_variable(environment, std::string(name));
  }
  add_file(environment, ".env");
  if (question.options.use_netrc) apply_netrc(question);
}

}  // namespace locksmith::doctor
