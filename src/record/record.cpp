// The order of the work: a folder, an authority, a proxy, the program, the end.
#include "record/record.hpp"

#include <chrono>

#include "record/authority.hpp"
#include "record/child.hpp"
#include "record/client_settings.hpp"
#include "record/private_folder.hpp"
#include "record/proxy.hpp"
#include "record/upstream.hpp"

namespace locksmith::record {
namespace {

long long now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<SettingFiles> write_files(PrivateFolder& folder, const Authority& authority,
                                 const std::string& trusted) {
  const std::string bundle = trusted + authority.certificate_pem();
  auto bundle_path = folder.write("bundle.pem", bundle);
  auto extra_path = folder.write("authority.pem", authority.certificate_pem());
  auto module_path = folder.write("proxy.cjs", std::string(node_module()));
  auto store_path = folder.write("authorities.jks", java_trust_store(bundle, now_ms()));
  for (const auto* path : {&bundle_path, &extra_path, &module_path, &store_path}) {
    if (!*path) return std::unexpected(path->error());
  }
  return SettingFiles{*bundle_path, *extra_path, *module_path, *store_path};
}

}  // namespace

Result<Recording> record(const Options& options, const Variables& environment) {
  const auto program = find_program(options.command.front(), environment);
  if (!program) return std::unexpected(program.error());
  const auto upstream = Upstream::from(environment);
  if (!upstream) return std::unexpected(upstream.error());

  const HeldSignals signals;
  const std::string parent = temporary_parent(environment);
  sweep(parent);
  const auto folder = PrivateFolder::make(parent);
  if (!folder) return std::unexpected(folder.error());
  const auto authority = Authority::make();
  if (!authority) return std::unexpected(authority.error());
  const std::string trusted = trusted_authorities(environment);
  const auto to_servers = client_context(trusted, environment);
  if (!to_servers) return std::unexpected(to_servers.error());
  const auto files = write_files(**folder, **authority, trusted);
  if (!files) return std::unexpected(files.error());

  Ledger ledger;
  for (const std::string& host : options.passed_hosts) ledger.leave_alone(host);
  const auto proxy = Proxy::start(**authority, *to_servers, *upstream, ledger);
  if (!proxy) return std::unexpected(proxy.error());
  const auto exit_code =
      run_child(*program, options.command,
                with_settings(environment, *files, (*proxy)->port(), options.keep_no_proxy));
  (*proxy)->stop();
  if (!exit_code) return std::unexpected(exit_code.error());
  return Recording{*exit_code, ledger.take_exchanges(), ledger.notes(), ledger.connections(),
                   ledger.strangers()};
}

}  // namespace locksmith::record
