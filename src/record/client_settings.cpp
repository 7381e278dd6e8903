#include "record/client_settings.hpp"

#include <array>

namespace locksmith::record {
namespace {

using enum SettingValue;

constexpr std::array settings = std::to_array<ClientSetting>({
    // The proxy. Lower case alone is read by curl for plain http, upper case alone by some others.
    {"http_proxy", proxy, "https://curl.se/docs/manpage.html#ENVIRONMENT"},
    {"HTTP_PROXY", proxy,
     "https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies"},
    {"https_proxy", proxy, "https://www.gnu.org/software/wget/manual/html_node/Proxies.html"},
    {"HTTPS_PROXY", proxy, "https://pkg.go.dev/net/http#ProxyFromEnvironment"},
    {"all_proxy", proxy, "https://curl.se/docs/manpage.html#ENVIRONMENT"},
    {"ALL_PROXY", proxy, "https://www.python-httpx.org/environment_variables/"},
    {"CARGO_HTTP_PROXY", proxy, "https://doc.rust-lang.org/cargo/reference/config.html#httpproxy"},
    {"npm_config_proxy", proxy, "https://docs.npmjs.com/cli/v10/using-npm/config#proxy"},
    {"npm_config_https_proxy", proxy,
     "https://docs.npmjs.com/cli/v10/using-npm/config#https-proxy"},
    {"YARN_HTTP_PROXY", proxy, "https://yarnpkg.com/configuration/yarnrc#httpProxy"},
    {"YARN_HTTPS_PROXY", proxy, "https://yarnpkg.com/configuration/yarnrc#httpsProxy"},
    {"GLOBAL_AGENT_HTTP_PROXY", proxy,
     "https://github.com/gajus/global-agent#environment-variables"},
    {"PERL_LWP_ENV_PROXY", one, "https://metacpan.org/pod/LWP::UserAgent#ENVIRONMENT"},
    {"NODE_USE_ENV_PROXY", one, "https://nodejs.org/api/cli.html#node_use_env_proxy1"},
    {"no_proxy", removed, "https://curl.se/docs/manpage.html#ENVIRONMENT"},
    {"NO_PROXY", removed, "https://pkg.go.dev/net/http#ProxyFromEnvironment"},
    {"npm_config_noproxy", removed, "https://docs.npmjs.com/cli/v10/using-npm/config#noproxy"},
    // The authorities.
    {"SSL_CERT_FILE", bundle, "https://docs.openssl.org/3.0/man7/openssl-env/"},
    {"CURL_CA_BUNDLE", bundle, "https://curl.se/docs/sslcerts.html"},
    {"REQUESTS_CA_BUNDLE", bundle,
     "https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification"},
    {"NODE_EXTRA_CA_CERTS", extra, "https://nodejs.org/api/cli.html#node_extra_ca_certsfile"},
    {"AWS_CA_BUNDLE", bundle,
     "https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html"},
    {"GIT_SSL_CAINFO", bundle,
     "https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo"},
    {"PIP_CERT", bundle, "https://pip.pypa.io/en/stable/topics/https-certificates/"},
    {"CARGO_HTTP_CAINFO", bundle,
     "https://doc.rust-lang.org/cargo/reference/config.html#httpcainfo"},
    {"DENO_CERT", extra, "https://docs.deno.com/runtime/reference/env_variables/"},
    {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", bundle,
     "https://github.com/grpc/grpc/blob/master/doc/environment_variables.md"},
    {"NIX_SSL_CERT_FILE", bundle,
     "https://nixos.org/manual/nix/stable/installation/env-variables.html"},
    {"HTTPLIB2_CA_CERTS", bundle,
     "https://github.com/httplib2/httplib2/blob/master/python3/httplib2/certs.py"},
    {"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", bundle,
     "https://cloud.google.com/sdk/gcloud/reference/config/set"},
    {"npm_config_cafile", bundle, "https://docs.npmjs.com/cli/v10/using-npm/config#cafile"},
    {"YARN_HTTPS_CA_FILE_PATH", bundle, "https://yarnpkg.com/configuration/yarnrc#httpsCaFilePath"},
    {"BUNDLE_SSL_CA_CERT", bundle, "https://bundler.io/man/bundle-config.1.html"},
    {"COMPOSER_CAFILE", bundle, "https://getcomposer.org/doc/03-cli.md#composer-cafile"},
    {"PERL_LWP_SSL_CA_FILE", bundle, "https://metacpan.org/pod/LWP::UserAgent#ENVIRONMENT"},
    // What no variable of their own does.
    {"NODE_OPTIONS", node, "https://nodejs.org/api/cli.html#node_optionsoptions"},
    {"JAVA_TOOL_OPTIONS", java,
     "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/net/doc-files/"
     "net-properties.html"},
});

std::string java_properties(const std::string& port, const std::string& store) {
  std::string text;
  for (const std::string_view scheme : {"http", "https"}) {
    const std::string name = " -D" + std::string(scheme);
    text += name + ".proxyHost=127.0.0.1" + name + ".proxyPort=" + port;
  }
  // By default the JVM excepts loopback; an empty list excepts nothing.
  return text +
         " -Dhttp.nonProxyHosts= -Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.trustStore=" +
         store;
}

void append(std::string& list, std::string_view more) {
  if (!list.empty() && !list.ends_with(' ')) list += ' ';
  list += more;
}

// The JVM splits at white space and knows quotes only since 9; Node.js takes double quotes.
bool has_space(std::string_view path) {
  return path.find_first_of(" \t\"\\") != std::string_view::npos;
}

}  // namespace

std::span<const ClientSetting> client_settings() { return settings; }

Variables with_settings(Variables environment, const SettingFiles& files, std::uint16_t port,
                        bool keep_no_proxy) {
  const std::string address = "http://127.0.0.1:" + std::to_string(port);
  for (const ClientSetting& setting : settings) {
    const std::string name(setting.variable);
    switch (setting.value) {
      case proxy:
        environment[name] = address;
        break;
      case bundle:
        environment[name] = files.bundle;
        break;
      case extra:
        environment[name] = environment.contains(name) ? files.bundle : files.extra;
        break;
      case one:
        environment[name] = "1";
        break;
      case removed:
        if (!keep_no_proxy) environment.erase(name);
        break;
      case node:
        if (!files.node_module.empty() && !has_space(files.node_module))
          append(environment[name], "--require " + files.node_module);
        break;
      case java:
        if (!files.java_store.empty() && !has_space(files.java_store))
          append(environment[name],
                 java_properties(std::to_string(port), files.java_store).substr(1));
        break;
    }
  }
  return environment;
}

}  // namespace locksmith::record
