// locksmithd serve: opens the store, listens, and answers until it is told to stop.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "authority/server_settings.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "daemon/commands.hpp"
#include "daemon/load.hpp"
#include "server/housekeeping.hpp"
#include "server/http_engine.hpp"
#include "server/routes.hpp"
#include "server/service.hpp"

namespace locksmith::daemon {
namespace {

struct Options {
  std::string config = "locksmith.toml";
  std::vector<std::string> listen;
  std::string store;
  std::string access_log;
  bool check = false;
  bool record_allowed = false;
};

void say(const std::string& text) { std::fprintf(stderr, "locksmithd: %s\n", text.c_str()); }

Result<authority::Settings> read_config(const Options& options) {
  const auto text = base::read_regular_file(options.config);
  if (!text) return std::unexpected(text.error());
  auto settings = authority::read_settings(*text, options.config);
  if (!settings) return settings;
  auto& server = settings->server;
  if (!options.listen.empty()) {
    server.listen = options.listen;
    server.socket.clear();
    server.admin_listen.clear();
  }
  if (!options.store.empty()) server.store = options.store;
  for (const auto& address : server.listen)
    if (auto good = server::check_listen(address); !good) return std::unexpected(good.error());
  return settings;
}

server::EngineSettings engine_settings(const authority::ServerSettings& from) {
  server::EngineSettings engine;
  engine.listen = from.listen;
  if (!from.socket.empty()) engine.listen.push_back("unix:" + from.socket);
  if (!from.admin_listen.empty()) engine.listen.push_back(from.admin_listen);
  engine.threads = from.threads;
  engine.connections = from.max_connections;
  engine.sizes = {from.max_header_bytes, from.max_body_bytes};
  engine.times = {from.header_timeout, from.idle_timeout, from.body_timeout, from.write_timeout,
                  from.shutdown_timeout};
  return engine;
}

// Shown once: on a terminal, else in a file that only its owner reads.
Result<void> hand_over(const base::Secret& key, const std::string& path) {
  const auto line = key.reveal() + "\n";
  if (::isatty(STDOUT_FILENO)) {
    fmt::print("The administrator's key, shown this once:\n\n  {}\n", line);
    std::fflush(stdout);
    return {};
  }
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written =
      file >= 0 && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (file >= 0) ::close(file);
  if (!written)
    return fail(ErrorCode::unreachable,
                fmt::format("cannot write the administrator's key to {}", path),
                "remove an old file of that name, and the store if it holds nothing yet");
  say(fmt::format("the administrator's key is in {}; keep it elsewhere and remove the file", path));
  return {};
}

// A faulty file changes nothing.
void reload(const Options& options, server::Service& service) {
  if (const auto& log = service.settings().access_log)
    if (const auto opened = log->reopen(); !opened) say(opened.error().message);
  auto settings = read_config(options);
  Result<void> done = settings ? service.reload(std::move(settings->policy))
                               : Result<void>(std::unexpected(settings.error()));
  if (!done) return say("the old policy stays: " + base::printable(done.error().message));
  say(fmt::format("the policy of {} holds now (revision {:08x})", options.config,
                  service.current().policy().revision));
}

void wait_for_the_end(const Options& options, server::Service& service, const sigset_t& signals) {
  for (int signal = 0; ::sigwait(&signals, &signal) == 0;) {
    if (signal != SIGHUP) return;
    reload(options, service);
  }
}

Result<void> serve(const Options& options, authority::Settings settings) {
  // Blocked before any thread starts, so that only sigwait() sees them.
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto store = store::open_sqlite(settings.server.store);
  if (!store) return std::unexpected(store.error());
  auto snapshot = load(std::move(settings.policy), **store);
  if (!snapshot) return std::unexpected(snapshot.error());
  const auto key_file = settings.server.store + ".admin-key";
  if (!snapshot->account(server::admin_account) && !::isatty(STDOUT_FILENO) &&
      ::access(key_file.c_str(), F_OK) == 0)
    return fail(ErrorCode::unreachable, key_file + " is there already",
                "it is of another store: keep it elsewhere and remove it");
  server::ServiceSettings service_settings;
  service_settings.leak_reporters = std::move(settings.leak_reporters);
  if (!options.access_log.empty()) {
    auto log = server::AccessLog::open(options.access_log);
    if (!log) return std::unexpected(log.error());
    service_settings.access_log = std::move(*log);
  }
  service_settings.recording.allowed = options.record_allowed;
  service_settings.recording.keep =
      std::chrono::duration_cast<std::chrono::hours>(settings.server.keep_decisions);
  service_settings.recording.keep_most = settings.server.max_decisions;
  server::Service service(std::move(service_settings), std::move(*snapshot), std::move(*store));
  const auto admin_key = server::ensure_admin_key(service);
  if (!admin_key) return std::unexpected(admin_key.error());
  if (*admin_key)
    if (auto done = hand_over(**admin_key, key_file); !done) return done;

  if (auto restored = server::restore_quotas(service, server::current_instant()); !restored)
    return restored;
  const server::Housekeeping housekeeping(service);
  auto engine_with = engine_settings(settings.server);
  std::optional<unsigned> admin_listener;
  if (!settings.server.admin_listen.empty())
    admin_listener = static_cast<unsigned>(engine_with.listen.size() - 1);
  std::atomic<const server::HttpEngine*> listening = nullptr;
  service.connections = [&listening] {
    const auto* running = listening.load();
    return running ? running->connections() : 0;
  };
  auto engine = server::HttpEngine::start(engine_with, server::handlers(service, admin_listener));
  if (!engine) return std::unexpected(engine.error());
  listening = engine->get();
  say(fmt::format("{}; listening on {} (port {})", base::count_of(service.current().size(), "key"),
                  fmt::join(engine_with.listen, ", "), (*engine)->port()));
  wait_for_the_end(options, service, signals);
  say("stopping");
  (*engine)->stop();
  return {};
}

int run(const Options& options) {
  auto settings = read_config(options);
  if (!settings) return report_error(settings.error());
  if (options.check) {
    fmt::print("{}: {}, {}, revision {:08x}\n", options.config,
               base::count_of(settings->policy.apis.size(), "API"),
               base::count_of(settings->policy.plans.size(), "plan"), settings->policy.revision);
    return exit_ok;
  }
  const auto served = serve(options, std::move(*settings));
  return served ? exit_ok : report_error(served.error());
}

}  // namespace

Run add_serve(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command =
      program.add_subcommand("serve", "Answers for the requests of an API.");
  command->add_option("--config", options->config, "the policy, locksmith.toml by default");
  command->add_option("--listen", options->listen,
                      "instead of the file's addresses: 127.0.0.1:7331, unix:/run/locksmith.sock");
  command->add_option("--store", options->store, "instead of the file's store");
  command->add_option("--access-log", options->access_log,
                      "a line of JSON per answer into this file; opened anew on SIGHUP");
  command->add_flag("--check", options->check,
                    "read the file, say what is wrong with it, and stop");
  command->add_flag("--record-allowed", options->record_allowed,
                    "keep a record of allowed requests, too, for `locksmith explain`");
  command->footer(
      "SIGHUP reads the policy anew; a faulty file leaves the old one. SIGTERM answers what has "
      "begun, then ends.\n\nExamples:\n  locksmith serve --check\n  locksmith serve --config "
      "/etc/locksmith/locksmith.toml");
  return [options] { return run(*options); };
}

}  // namespace locksmith::daemon
