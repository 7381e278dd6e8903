// locksmithd backup: a copy of the store, also while a server has it open.
#include <fmt/format.h>

#include <memory>

#include "daemon/commands.hpp"
#include "daemon/reach.hpp"
#include "daemon/words.hpp"
#include "store/store.hpp"

namespace locksmith::daemon {
namespace {

struct Options {
  Where where;
  std::string file;
};

int run(const Options& options) {
  std::string store = options.where.store;
  if (store.empty()) {
    const auto settings = read_config(options.where);
    if (!settings) return report_error(settings.error());
    store = settings->server.store;
  }
  const auto copied = store::backup_sqlite(store, options.file);
  if (!copied) return report_error(copied.error());
  return print(fmt::format("{} is a copy of {}\n", options.file, store));
}

}  // namespace

Run add_backup(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "backup", "Copies the store to a file, as of one moment, while it is being used.");
  command->add_option("file", options->file, "where to; nothing is overwritten")->required();
  command->add_option("--config", options->where.config, "locksmith.toml by default");
  command->add_option("--store", options->where.store, "instead of the file's store");
  command->footer(
      "Run it on the machine of the store. The copy is a store itself: put it back under the\n"
      "store's name while no server runs.\n\nExample:\n  locksmith backup "
      "/backup/locksmith-$(date +%F).db");
  return [options] { return run(*options); };
}

}  // namespace locksmith::daemon
