#include "daemon/missing_accounts.hpp"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "authority/key_format.hpp"
#include "authority/operations.hpp"
#include "authority/record.hpp"
#include "server/service.hpp"

namespace locksmith::daemon {
namespace {

using authority::Account;
using authority::Snapshot;
using server::Imports;

// Accounts that the file has or names and that are not there. One that only a key names, by its
// name or by an id of our form, gets nothing but that.
class MissingAccounts {
 public:
  MissingAccounts(Imports& imports, const Snapshot& snapshot, base::Time now)
      : imports_(imports), snapshot_(snapshot), now_(now) {}

  std::vector<Account> make() {
    snapshot_.each_account([&](const authority::AccountRecord& record) {
      if (record.account->id == server::admin_account) return;
      const auto& [id, name] = std::tie(record.account->id, record.account->name);
      if (!ids_.emplace(name, id).second) shared_names_.insert(name);
    });
    const auto accounts = std::exchange(imports_.accounts, {});
    const auto lines = std::exchange(imports_.account_lines, {});
    for (std::size_t i = 0; i < accounts.size(); ++i) add_whole(accounts[i], lines[i]);
    auto keys = std::exchange(imports_.keys, {});
    const auto key_lines = std::exchange(imports_.lines, {});
    for (std::size_t i = 0; i < keys.size(); ++i) add_key(std::move(keys[i]), key_lines[i]);
    return std::move(made_);
  }

 private:
  void add_whole(const Account& account, std::size_t line) {
    if (!snapshot_.account(account.id)) {
      auto checked = authority::put_account(snapshot_, account, now_);
      if (!checked) {
        imports_.faults.push_back({line, checked.error().message});
        imports_.faulty_accounts.insert(account.id);
        return;
      }
      ids_[account.id] = account.id;
      made_.push_back(std::move(checked->accounts.front()));
    }
    imports_.accounts.push_back(account);
    imports_.account_lines.push_back(line);
  }
  void add_key(authority::Key key, std::size_t line) {
    if (!snapshot_.account(key.account) && !imports_.faulty_accounts.contains(key.account)) {
      if (shared_names_.contains(key.account)) {
        imports_.faults.push_back(
            {line, "more than one account is called " + key.account + ": give its id"});
        return;
      }
      key.account = id_of(key.account);
    }
    imports_.keys.push_back(std::move(key));
    imports_.lines.push_back(line);
  }
  const std::string& id_of(const std::string& named) {
    const auto [known, fresh] = ids_.emplace(named, "");
    if (fresh) {
      Account account;
      account.id = known->second = named.starts_with("acct_") ? named : authority::make_id("acct_");
      account.name = named;
      account.created = now_;
      made_.push_back(std::move(account));
    }
    return known->second;
  }

  Imports& imports_;
  const Snapshot& snapshot_;
  const base::Time now_;
  std::map<std::string, std::string> ids_;  // by name, or by id
  std::set<std::string> shared_names_;      // of several accounts
  std::vector<Account> made_;
};

}  // namespace

std::vector<Account> missing_accounts(Imports& imports, const Snapshot& snapshot, base::Time now) {
  return MissingAccounts(imports, snapshot, now).make();
}

}  // namespace locksmith::daemon
