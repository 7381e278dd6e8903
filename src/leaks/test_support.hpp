// Trees made at run time, for the tests of this folder.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/test_folder.hpp"
#include "leaks/detector.hpp"
#include "leaks/find.hpp"

namespace locksmith::leaks {

using base::TestFolder;

// Finds one text; a stand-in for the real searches.
class TextDetector : public Detector {
 public:
  explicit TextDetector(std::string text) : text_(std::move(text)) {}
  void search(std::string_view in, const std::function<void(const Hit&)>& on_hit) const override {
    for (std::size_t i = in.find(text_); i != in.npos; i = in.find(text_, i + 1)) {
      on_hit({.offset = i, .length = text_.size()});
    }
  }
  std::size_t longest() const override { return text_.size(); }

 private:
  std::string text_;
};

using Members = std::vector<std::pair<std::string, std::string>>;

// An archive in memory, as `add_format` and `add_filter` write it. Sparing: what tests need.
inline std::string packed(const Members& members, int (*add_format)(archive*),
                          int (*add_filter)(archive*)) {
  std::string out(std::size_t{16} << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  add_format(writer);
  add_filter(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const auto& [name, content] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}
inline std::string tar(const Members& members) {
  return packed(members, archive_write_set_format_ustar, archive_write_add_filter_none);
}
inline std::string zip(const Members& members) {
  return packed(members, archive_write_set_format_zip, archive_write_add_filter_none);
}
// One file, only compressed.
inline std::string compressed(const std::string& content, int (*add_filter)(archive*)) {
  return packed({{"data", content}}, archive_write_set_format_raw, add_filter);
}

inline std::vector<std::string> places(const Tally& tally) {
  std::vector<std::string> out;
  for (const Find& find : tally.finds) {
    out.push_back(find.path + (find.inside.empty() ? "" : "!" + find.inside) + ":" +
                  std::to_string(find.line) + ":" + std::to_string(find.column));
  }
  return out;
}

}  // namespace locksmith::leaks
