#include "daemon/keys_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unordered_set>
#include <utility>

#include "authority/keys_file.hpp"
#include "authority/operations.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "daemon/missing_accounts.hpp"
#include "daemon/reach.hpp"
#include "daemon/words.hpp"
#include "server/import_file.hpp"
#include "server/service.hpp"

namespace locksmith::daemon {
namespace {

using authority::Snapshot;
using server::Imports;

constexpr std::size_t largest_file = std::size_t{2} << 30;
constexpr std::size_t most_faults_shown = 1000;
// What a server takes at once (face_keys.cpp, [server] max_body_bytes).
constexpr std::size_t most_keys_sent = 10'000, most_bytes_sent = 900'000;

struct Options {
  Where where;
  std::string file, format = "auto", output;
  server::ImportDefaults defaults;
  bool skip_invalid = false, check = false, create_accounts = false, batches = false, json = false;
};

base::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// On a terminal only, and overwritten by the next.
void progress(std::string_view what) {
  if (::isatty(STDERR_FILENO)) fmt::print(stderr, "\r\x1b[K{}", what);
}

Result<std::string> read_all(const std::string& path) {
  if (path != "-") return base::read_regular_file(path, largest_file);
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (size < 0) return fail(ErrorCode::unreadable, "cannot read standard input");
    if (size == 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
    if (text.size() > largest_file) return fail(ErrorCode::unreadable, "the input is too large");
  }
}

void show_faults(const std::string& file, const std::vector<server::ImportFault>& faults) {
  progress("");
  for (std::size_t i = 0; i < std::min(faults.size(), most_faults_shown); ++i) {
    fmt::print(stderr, "{}:{}: {}\n", base::printable(file), faults[i].line,
               base::printable(faults[i].what));
  }
  if (faults.size() > most_faults_shown) {
    fmt::print(stderr, "and {} more\n", faults.size() - most_faults_shown);
  }
}

// Whether to go on, the faults having been shown.
Result<void> judge(const Options& options, const Imports& imports, std::size_t new_accounts) {
  show_faults(options.file, imports.faults);
  const bool accounts = !imports.accounts.empty();
  const bool lines = accounts || !imports.faulty_accounts.empty();
  const std::size_t all = imports.keys.size() + imports.accounts.size() + imports.faults.size();
  if (!imports.faults.empty() && !options.skip_invalid) {
    return fail(ErrorCode::usage,
                fmt::format("{} of {} cannot be imported, so nothing was", imports.faults.size(),
                            base::count_of(all, lines ? "line" : "key")),
                accounts && !options.create_accounts
                    ? "--create-accounts makes the accounts that the file has"
                    : "mend them, or leave them out with --skip-invalid");
  }
  if (imports.keys.empty() && new_accounts == 0)
    return fail(ErrorCode::usage, "there is no key to import");
  return {};
}

// Accounts that only faulty keys name.
void leave_out_unused(std::vector<authority::Account>& accounts, const Imports& imports) {
  std::unordered_set<std::string_view> used;
  for (const auto& account : imports.accounts) used.insert(account.id);
  for (const auto& key : imports.keys) used.insert(key.account);
  std::erase_if(accounts, [&](const auto& account) { return !used.contains(account.id); });
}

// How many accounts were made.
Result<std::size_t> import_into_store(const Options& options, Imports& imports,
                                      server::Service& service) {
  authority::Change change{{}, {}, "local", "keys.import"};
  if (options.create_accounts)
    change.accounts = missing_accounts(imports, service.current(), now());
  const auto with_accounts = service.current().with(change);
  if (!with_accounts) return std::unexpected(with_accounts.error());
  progress("checking");
  server::check_imports(imports, *with_accounts, now());
  leave_out_unused(change.accounts, imports);
  const std::size_t made = change.accounts.size();
  if (auto good = judge(options, imports, made); !good) return std::unexpected(good.error());
  if (options.check) return made;
  progress(fmt::format("writing {}", base::count_of(imports.keys.size(), "key")));
  // A million keys need not stand in memory twice; `lines` still tells how many there were.
  auto keys = authority::import_keys(*with_accounts, std::move(imports.keys), now());
  if (!keys) return std::unexpected(keys.error());
  change.keys = std::move(keys->keys);
  const auto done = service.change(
      "local", "keys.import",
      [&](const Snapshot&) -> server::Outcome<authority::Change> { return std::move(change); });
  progress("");
  if (!done) return fail(ErrorCode::unreadable, done.error().detail);
  return made;
}

// The interface issues no key that is revoked from the start: it would come to life again.
void refuse_tombstones(Imports& imports) {
  auto keys = std::exchange(imports.keys, {});
  const auto lines = std::exchange(imports.lines, {});
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].state != authority::KeyState::active) {
      imports.faults.push_back(
          {lines[i], "not active: only the store itself takes such a key, --config"});
      continue;
    }
    imports.keys.push_back(std::move(keys[i]));
    imports.lines.push_back(lines[i]);
  }
  std::ranges::stable_sort(imports.faults, std::less{}, &server::ImportFault::line);
}

// An account that is there stays as it is; a new one would get another id from the interface.
Result<void> refuse_new_accounts(Imports& imports, Authority& authority) {
  const auto accounts = std::exchange(imports.accounts, {});
  const auto lines = std::exchange(imports.account_lines, {});
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto found = authority.ask("GET", "/v1/accounts/" + base::percent_encode(accounts[i].id));
    if (found) continue;
    if (found.error().code == ErrorCode::unreachable) return std::unexpected(found.error());
    imports.faults.push_back(
        {lines[i], fmt::format("account {}: {} (only the store itself takes a new one, --config)",
                               accounts[i].id, found.error().message)});
  }
  std::ranges::stable_sort(imports.faults, std::less{}, &server::ImportFault::line);
  return {};
}

// "key 5: …" of a request becomes the line of the file.
Error at_line(Error error, const Options& options, const Imports& imports, std::size_t from) {
  const std::string_view text = error.message;
  std::size_t number = 0;
  if (!text.starts_with("key ")) return error;
  const auto [end, failed] = std::from_chars(text.data() + 4, text.data() + text.size(), number);
  if (failed != std::errc{} || number == 0 || from + number > imports.lines.size()) return error;
  error.message = fmt::format("{}:{}{}", options.file, imports.lines[from + number - 1],
                              text.substr(static_cast<std::size_t>(end - text.data())));
  return error;
}

Result<std::size_t> import_over_http(const Options& options, Imports& imports,
                                     Authority& authority) {
  if (options.create_accounts) {
    return fail(ErrorCode::usage, "--create-accounts works on the store itself alone",
                "make the accounts first, or stop the server and use --config");
  }
  refuse_tombstones(imports);
  if (auto asked = refuse_new_accounts(imports, authority); !asked)
    return std::unexpected(asked.error());
  if (auto good = judge(options, imports, 0); !good) return std::unexpected(good.error());
  if (options.check) return 0u;
  for (std::size_t from = 0; from < imports.keys.size();) {
    std::size_t count = std::min(most_keys_sent, imports.keys.size() - from);
    std::string body = server::import_body(imports.keys, from, from + count);
    while (body.size() > most_bytes_sent && count > 1) {
      count = std::max<std::size_t>(1, count * most_bytes_sent / body.size() * 9 / 10);
      body = server::import_body(imports.keys, from, from + count);
    }
    if (count < imports.keys.size() && !options.batches) {
      return fail(ErrorCode::usage,
                  fmt::format("a server takes about {} of these at once, not {}", count,
                              imports.keys.size()),
                  "--batches sends several requests, each all or nothing; or stop the server and "
                  "use --config: all of it or nothing");
    }
    progress(fmt::format("{} of {}", from, imports.keys.size()));
    if (auto done = authority.post("/v1/keys/import", body); !done) {
      progress("");
      if (from > 0) {
        fmt::print(stderr, "imported: {}, up to line {}\n", base::count_of(from, "key"),
                   imports.lines[from - 1]);
      }
      return std::unexpected(at_line(done.error(), options, imports, from));
    }
    from += count;
  }
  progress("");
  return 0u;
}

int import_file(const Options& options) {
  auto text = read_all(options.file);
  if (!text) return report_error(text.error());
  const auto authority = reach(options.where);
  if (!authority) return report_error(authority.error());
  progress("reading");
  const auto format = options.format == "csv"    ? server::ImportFormat::csv
                      : options.format == "json" ? server::ImportFormat::json_lines
                                                 : server::format_of(*text);
  Imports imports = server::read_imports(*text, format, options.defaults);
  std::string().swap(*text);  // large, and not needed any more
  server::Service* service = (*authority)->service();
  const auto done = service ? import_into_store(options, imports, *service)
                            : import_over_http(options, imports, **authority);
  if (!done) return report_error(done.error());
  if (options.json) {
    return print_json({{"imported", options.check ? 0 : imports.lines.size()},
                       {"accounts", options.check ? 0 : *done},
                       {"skipped", imports.faults.size()}});
  }
  return print(fmt::format("{} {}{}\n", options.check ? "could be imported:" : "imported",
                           base::count_of(imports.lines.size(), "key"),
                           *done > 0 ? ", with " + base::count_of(*done, "new account") : ""));
}

// Calls `write` with each line, accounts first. Administrators stay: they belong to one authority.
void each_line(const Snapshot& snapshot, auto write) {
  snapshot.each_account([&](const authority::AccountRecord& record) {
    if (record.account->id != server::admin_account)
      write(authority::to_line(*record.account), false);
  });
  snapshot.each_key([&](const authority::KeyRecord& record) {
    if (!server::is_admin(snapshot, record))
      write(server::export_line(snapshot.to_key(record)) + "\n", true);
  });
}

// What was written, in words.
Result<std::string> write_keys(const Snapshot& snapshot, std::FILE* out) {
  std::size_t accounts = 0, keys = 0;
  each_line(snapshot, [&](const std::string& line, bool key) {
    std::fwrite(line.data(), 1, line.size(), out);
    ++(key ? keys : accounts);
  });
  if (std::fflush(out) != 0 || std::ferror(out)) {
    return fail(ErrorCode::unreadable, "the keys could not all be written");
  }
  return fmt::format("{} and {}", base::count_of(accounts, "account"), base::count_of(keys, "key"));
}

int export_file(const Options& options) {
  if (!options.where.server.empty()) {
    return report_error(
        {ErrorCode::usage, "a running authority does not give hashes away",
         "make a copy with `locksmith backup COPY`, then export with --store COPY"});
  }
  const auto authority = reach_store(options.where);
  if (!authority) return report_error(authority.error());
  std::FILE* out = stdout;
  if (!options.output.empty()) {
    const int file = ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    out = file < 0 ? nullptr : ::fdopen(file, "w");
    if (!out) {
      return report_error({ErrorCode::unreadable,
                           fmt::format("cannot write {}: {}", options.output, std::strerror(errno)),
                           "name a file that does not exist yet"});
    }
  }
  const auto written = write_keys((*authority)->service()->current(), out);
  if (out != stdout) std::fclose(out);
  if (!written) return report_error(written.error());
  fmt::print(stderr, "exported {}\n", *written);
  return exit_ok;
}

}  // namespace

std::pair<arguments::Command*, Run> add_keys_import(arguments::Command& keys) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = keys.add_subcommand(
      "import", "Takes keys that were issued elsewhere, by their SHA-256; all or nothing.");
  command
      ->add_option("file", options->file, "CSV with a header, or JSON lines; - is standard input")
      ->required();
  command->add_option("--format", options->format, "auto, csv or json")
      ->one_of({"auto", "csv", "json"});
  command->add_option("--account", options->defaults.account, "of lines that name none");
  command->add_option("--environment", options->defaults.environment, "likewise");
  command->add_flag("--create-accounts", options->create_accounts,
                    "make the accounts that the file has or names and that are not there");
  command->add_flag("--skip-invalid", options->skip_invalid, "leave faulty lines out");
  command->add_flag("--check", options->check, "say what is wrong, and import nothing");
  command->add_flag("--batches", options->batches,
                    "over HTTP: in several requests, each all or nothing");
  command->add_flag("--json", options->json, "print for programs");
  add_where(*command, options->where);
  command->footer(
      "Columns: sha256 (hex or base64) and account; id, name, environment, scopes, endpoints,\n"
      "methods, addresses, origins, rate, not_before, expires, hint, metadata, metadata.NAME.");
  return {command, [options] { return import_file(*options); }};
}

std::pair<arguments::Command*, Run> add_keys_export(arguments::Command& keys) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = keys.add_subcommand(
      "export",
      "Writes all accounts and keys as JSON lines, for `keys import` and liblocksmith; hashes, no "
      "secrets.");
  command->add_option("--output", options->output, "write there, for the owner alone");
  add_where(*command, options->where);
  return {command, [options] { return export_file(*options); }};
}

}  // namespace locksmith::daemon
