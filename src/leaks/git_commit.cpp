#include "leaks/git_commit.hpp"

#include <charconv>

namespace locksmith::leaks {
namespace {

template <class T>
T number(std::string_view text) {
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

struct Person {
  std::string_view who;
  std::int64_t date = 0;
  int zone_minutes = 0;
};
// "Ada <ada@example.com> 1700000000 +0100"; what is missing stays 0.
Person read_person(std::string_view line) {
  const auto end = line.rfind('>');
  if (end == line.npos) return {line};
  Person person{line.substr(0, end + 1)};
  const auto rest = line.substr(std::min(line.size(), end + 2));
  person.date = number<std::int64_t>(rest);
  if (const auto space = rest.find(' '); space != rest.npos && rest.size() >= space + 6) {
    const auto zone = number<int>(rest.substr(space + 2, 4));
    person.zone_minutes = (zone / 100 * 60 + zone % 100) * (rest[space + 1] == '-' ? -1 : 1);
  }
  return person;
}

}  // namespace

std::optional<CommitFacts> read_commit(std::string_view object, std::size_t hash_size) {
  CommitFacts commit;
  std::size_t at = 0;
  while (at < object.size() && object[at] != '\n') {
    const auto end = std::min(object.find('\n', at), object.size());
    const auto line = object.substr(at, end - at);
    at = std::min(end + 1, object.size());
    if (line.starts_with("tree ")) {
      const auto id = ObjectId::from_hex(line.substr(5), hash_size);
      if (!id) return std::nullopt;
      commit.tree = *id;
    } else if (line.starts_with("parent ")) {
      const auto id = ObjectId::from_hex(line.substr(7), hash_size);
      if (!id) return std::nullopt;
      commit.parents.push_back(*id);
    } else if (line.starts_with("author ")) {
      const auto author = read_person(line.substr(7));
      commit.author = author.who;
      commit.author_date = author.date;
      commit.author_zone_minutes = author.zone_minutes;
    } else if (line.starts_with("committer ")) {
      commit.committer_date = read_person(line.substr(10)).date;
    }
  }
  if (commit.tree.size == 0) return std::nullopt;
  commit.message = std::min(at + 1, object.size());
  return commit;
}

std::optional<ObjectId> read_tag(std::string_view object, std::size_t hash_size) {
  if (!object.starts_with("object ")) return std::nullopt;
  return ObjectId::from_hex(object.substr(7), hash_size);
}

bool read_tree(std::string_view object, std::size_t hash_size, std::vector<TreeEntry>& entries) {
  entries.clear();
  entries.reserve(object.size() / (hash_size + 12));  // a mode and a short name
  for (std::size_t at = 0; at < object.size();) {
    // By hand, as a walk over a history reads millions of entries.
    unsigned mode = 0;
    auto space = at;
    for (; space < object.size() && object[space] >= '0' && object[space] <= '7'; ++space)
      mode = mode * 8 + static_cast<unsigned>(object[space] - '0');
    if (space == object.size() || object[space] != ' ') return false;
    const auto end = object.find('\0', space);
    if (end == object.npos || object.size() - end - 1 < hash_size) return false;
    auto& entry = entries.emplace_back();
    entry.mode = mode;
    entry.name = object.substr(space + 1, end - space - 1);
    entry.id = ObjectId::from_raw(object.substr(end + 1, hash_size));
    entry.offset = at;
    at = entry.end = end + 1 + hash_size;
  }
  return true;
}

}  // namespace locksmith::leaks
