// CSV (RFC 4180) with a header, record by record, as objects of the fields' types. Internal to
// import_file.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace locksmith::server {

using ReadRecord = std::function<void(std::size_t line, Result<boost::json::object> record)>;
void read_csv(std::string_view text, const ReadRecord& read);

}  // namespace locksmith::server
