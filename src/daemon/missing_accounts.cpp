#include "daemon/missing_accounts.hpp"

#include <map>
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
    std::string after;
    for (auto page = snapshot_.accounts_after(after, 1000); !page.empty();
         page = snapshot_.accounts_after(after, 1000)) {
      for (const auto* record : page) {
        if (record->account->id != server::admin_account)
          ids_.emplace(record->account->name, record->account->id);
      }
      after = page.back()->account->id;
    }
    const auto accounts = std::exchange(imports_.accounts, {});
    const auto lines = std::exchange(imports_.account_lines, {});
    for (std::size_t i = 0; i < accounts.size(); ++i) add_whole(accounts[i], lines[i]);
    for (authority::Key& key : imports_.keys) {
      if (!snapshot_.account(key.account) && !imports_.faulty_accounts.contains(key.account))
        key.account = id_of(key.account);
    }
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
  std::vector<Account> made_;
};

}  // namespace

std::vector<Account> missing_accounts(Imports& imports, const Snapshot& snapshot, base::Time now) {
  return MissingAccounts(imports, snapshot, now).make();
}

}  // namespace locksmith::daemon
