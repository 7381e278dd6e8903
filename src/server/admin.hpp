// What the admin faces have in common: answers, pages of a list, changes.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "server/call.hpp"
#include "server/json_model.hpp"

namespace locksmith::server {

void send_json(Call& call, int status, const boost::json::object& body);

// The value of a query parameter, decoded; "" when it is not there.
std::string query_value(const Call& call, std::string_view name);

// ?limit= (1 to 200, 50) and ?after=.
struct Page {
  std::size_t limit = 50;
  std::string after;
};
// Answers 400 and gives nothing when they are wrong, or when there is a parameter that is not in
// `filters`: a misspelled filter must not look like one that lets everything through.
std::optional<Page> read_page(Call& call, std::initializer_list<std::string_view> filters);
void send_page(Call& call, boost::json::array items, const std::string& next);

// Makes the change and gives the snapshot with it; else answers why not.
std::optional<authority::Snapshot> apply(Call& call, std::string_view action,
                                         const Service::Wish& wish);
// What an operation gave, for a Wish.
Outcome<authority::Change> outcome(Result<authority::Change> change);
Outcome<authority::Change> not_found(std::string_view what);

base::Time seconds_of(authority::Instant now);

}  // namespace locksmith::server
