#include "server/import_csv.hpp"

#include <csv.h>  // libcsv
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "authority/units.hpp"
#include "base/text.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_field = 1 << 16;
constexpr std::size_t most_columns = 200;

std::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::usage, std::move(what)); }

json::array list_of(std::string_view text, std::string_view separators) {
  json::array items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view item = base::trim(text.substr(0, end));
    if (!item.empty()) items.emplace_back(json::string(item));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

Result<json::value> rate_of(std::string_view text) {
  const auto rate = authority::parse_rate(text);
  if (!rate) return wrong("\"rate\" is not such as 100/minute");
  return json::object{{"requests", rate->requests},
                      {"period_seconds", rate->period.count()},
                      {"burst", rate->burst}};
}

Result<json::value> value_of(const std::string& column, std::string_view text) {
  constexpr std::array<std::string_view, 4> lists{"scopes", "methods", "addresses", "origins"};
  if (column == "endpoints") return list_of(text, ";");
  if (std::ranges::find(lists, std::string_view(column)) != lists.end()) {
    return list_of(text, "; \t\n");
  }
  if (column == "rate") return rate_of(text);
  if (column == "metadata" || column == "finish_when_unused_seconds") {
    boost::system::error_code error;
    json::value parsed = json::parse({text.data(), text.size()}, error);
    if (error) return wrong(fmt::format("\"{}\" is not JSON", column));
    return parsed;
  }
  return json::string(text);
}

class Csv {
 public:
  explicit Csv(const ReadRecord& read) : read_(read) {}

  // Fed line by line, so that the number of the line is known when a record ends.
  void run(std::string_view text) {
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) return;
    bool good = true;
    while (good && !text.empty()) {
      const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
      good = csv_parse(&parser, text.data(), size, &on_field, &on_record, this) == size &&
             parser.entry_pos < longest_field;
      text.remove_prefix(size);
      if (!good) break;
      ++line_;
      if (fields_.empty() && parser.entry_pos == 0 && !parser.quoted) start_ = line_;
    }
    good = good && csv_fini(&parser, &on_field, &on_record, this) == 0;
    csv_free(&parser);
    if (good) return;
    read_(start_, wrong("a quote is not closed, or stands within a field, or a field is too long; "
                        "from here on nothing was read"));
  }

 private:
  static void on_field(void* bytes, std::size_t size, void* self) {
    static_cast<Csv*>(self)->fields_.emplace_back(static_cast<const char*>(bytes), size);
  }
  static void on_record(int, void* self) { static_cast<Csv*>(self)->end_record(); }

  void end_record() {
    if (header_.empty()) {
      header_ = std::move(fields_);
      for (std::string& name : header_) name = base::lower(base::trim(name));
    } else {
      read_(start_, record());
    }
    fields_.clear();
  }

  Result<json::object> record() const {
    if (header_.size() > most_columns) return wrong("the header has too many columns");
    if (fields_.size() != header_.size()) {
      return wrong(fmt::format("{}, but the header has {}", base::count_of(fields_.size(), "field"),
                               header_.size()));
    }
    json::object object, metadata;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].empty()) continue;
      if (header_[i].starts_with("metadata.")) {
        metadata[header_[i].substr(9)] = fields_[i];
        continue;
      }
      if (object.if_contains(header_[i])) {
        return wrong(fmt::format("two columns are named \"{}\"", header_[i]));
      }
      auto value = value_of(header_[i], fields_[i]);
      if (!value) return std::unexpected(value.error());
      object[header_[i]] = std::move(*value);
    }
    if (!metadata.empty() && !object.if_contains("metadata")) object["metadata"] = metadata;
    return object;
  }

  const ReadRecord& read_;
  std::size_t line_ = 1, start_ = 1;
  std::vector<std::string> header_, fields_;
};

}  // namespace

void read_csv(std::string_view text, const ReadRecord& read) { Csv(read).run(text); }

}  // namespace locksmith::server
