// Keys, accounts and decisions as the HTTP interface writes and reads them (docs/http-api.md,
// openapi.json). Unknown fields are errors: a misspelled restriction must not be none.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "authority/decide.hpp"
#include "authority/key.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace locksmith::server {

boost::json::object to_json(const authority::Key& key);
boost::json::object to_json(const authority::Account& account);
boost::json::object to_json(const store::DecisionRecord& record);
boost::json::object to_json(const store::Use& use);
boost::json::object to_json(const authority::RateStatus& rate);
boost::json::object to_json(const authority::QuotaStatus& quota);

// A body that is an object. `fields` are the names that it may have.
Result<boost::json::object> read_object(std::string_view body,
                                        std::initializer_list<std::string_view> fields);

// Sets what `object` names; what it does not name stays. null takes a restriction away.
Result<void> read_key(const boost::json::object& object, authority::Key& key);
// With "sha256" (hex or base64), and "id" and "hint" where they are kept.
Result<void> read_imported_key(const boost::json::object& object, authority::Key& key);
Result<void> read_account(const boost::json::object& object, authority::Account& account);

std::string text_of(const boost::json::object& object, std::string_view name);
std::string rfc3339_us(std::int64_t at_us);

}  // namespace locksmith::server
