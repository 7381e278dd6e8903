// Keys that were issued elsewhere, read from a file: JSON lines or CSV. What is known of each is
// its SHA-256, so that nobody has to be given a new key. And their way out again.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key.hpp"
#include "authority/snapshot.hpp"

namespace locksmith::server {

enum class ImportFormat { json_lines, csv };
// JSON lines begin with a brace.
ImportFormat format_of(std::string_view text);

// For lines that name none.
struct ImportDefaults {
  std::string account;
  std::string environment;
};

struct ImportFault {
  std::size_t line = 0;  // from 1; a CSV record that spans lines has the number of its first
  std::string what;
};

// `keys` and `lines` go together, and so do `accounts` and `account_lines`.
struct Imports {
  std::vector<authority::Key> keys;
  std::vector<std::size_t> lines;
  std::vector<authority::Account> accounts;
  std::vector<std::size_t> account_lines;
  // Ids of accounts that are among the faults: their keys must not get an account without limits.
  std::set<std::string> faulty_accounts;
  std::vector<ImportFault> faults;
};

// Fields, and columns of the CSV's header, are those of the HTTP interface: sha256 (hex or base64)
// and account are needed, all others may be missing. What `export_line` adds is read, too: state,
// reason, since, successor, grace_until, finish_when_unused_seconds, leak_url, created.
// In CSV, lists are separated by ";" (all but endpoints by spaces as well), a rate is
// "100/minute", and a column "metadata.NAME" is one field of the metadata. Times are RFC 3339, a
// day, or Unix seconds. JSON lines may be accounts (authority/keys_file.hpp), as an export has
// them.
Imports read_imports(std::string_view text, ImportFormat format, const ImportDefaults& defaults);

// Moves to the faults what this snapshot would not take.
void check_imports(Imports& imports, const authority::Snapshot& snapshot, base::Time now);

// One key as a line that `read_imports` gives back whole; so does it authority::to_line of an
// account.
std::string export_line(const authority::Key& key);
// What POST /v1/keys/import takes for some of them.
std::string import_body(const std::vector<authority::Key>& keys, std::size_t from,
                        std::size_t until);

}  // namespace locksmith::server
