// The tables, and how an older file becomes a newer one.
#pragma once

#include <span>

#include "store/database.hpp"

namespace locksmith::store {

// Step N makes a file of version N out of one of version N - 1; the first makes it out of nothing.
// A step that was released is never edited: files that have taken it are out there.
std::span<const char* const> schema_steps();

// Is it ours, or empty, and not newer than this program? Changes nothing.
Result<void> check_version(Database& database, std::span<const char* const> steps);

// Brings the file to the newest version, all in one transaction; before an older file is touched, a
// copy is made beside it (FILE.before-v2). Refuses a newer file and one that is not ours.
Result<void> migrate(Database& database, std::span<const char* const> steps);

// A copy as of one moment through SQLite's online backup, 0600, complete or not there at all.
// Refuses a path that exists.
Result<void> copy_database(Database& from, const std::string& path);

}  // namespace locksmith::store
