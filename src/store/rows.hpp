// Accounts and keys as rows of their tables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "authority/key.hpp"
#include "store/database.hpp"

namespace locksmith::store {

std::string_view word(authority::AccountState state);
std::string_view word(authority::KeyState state);

Result<void> write_account(Database& database, const authority::Account& account);
Result<void> write_key(Database& database, const authority::Key& key);

// Reads rows of `select_accounts` and `select_keys`. Many keys have the same lists, which are
// parsed once.
extern const char* const select_accounts;
extern const char* const select_keys;
class RowReader {
 public:
  Result<authority::Account> account(const Statement& row);
  Result<authority::Key> key(const Statement& row);

 private:
  using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;
  using Blocks = std::map<std::string, std::vector<authority::Cidr>, std::less<>>;
  const std::vector<std::string>* list(std::string_view json);
  const std::vector<authority::Cidr>* blocks(std::string_view json);

  Lists lists_;
  Blocks blocks_;
};

}  // namespace locksmith::store
