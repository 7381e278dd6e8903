// Options that say what a key or an account may do, as the fields of the interface's JSON.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "arguments/command.hpp"
#include "base/result.hpp"

namespace locksmith::daemon {

struct KeyWish {
  std::string name, rate, expires, not_before, metadata;
  std::vector<std::string> scopes, endpoints, methods, addresses, origins;
  std::vector<std::string> clear;  // fields to take away
};
// `clearing`: for a key that is there already.
void add_wish(arguments::Command& command, KeyWish& wish, bool clearing);
Result<boost::json::object> to_json(const KeyWish& wish);

struct AccountWish {
  std::string name, plan, rate, quota, metadata;
  std::vector<std::string> clear;
};
void add_wish(arguments::Command& command, AccountWish& wish, bool clearing);
Result<boost::json::object> to_json(const AccountWish& wish);

}  // namespace locksmith::daemon
