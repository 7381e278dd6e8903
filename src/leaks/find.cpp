// Names and sums of what was found and skipped.
#include "leaks/find.hpp"

#include <iterator>

namespace locksmith::leaks {

std::string_view to_string(Where where) {
  switch (where) {
    case Where::file:
      return "file";
    case Where::log:
      return "log";
    case Where::shell_history:
      return "shell-history";
    case Where::staged:
      return "staged";
  }
  return {};
}

std::string_view to_string(Disguise disguise) {
  switch (disguise) {
    case Disguise::plain:
      return "plain";
    case Disguise::base64:
      return "base64";
    case Disguise::basic:
      return "basic";
    case Disguise::url_encoded:
      return "url-encoded";
    case Disguise::json:
      return "json-escaped";
    case Disguise::wrapped:
      return "wrapped";
  }
  return {};
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::unreadable:
      return "unreadable";
    case Reason::vanished:
      return "vanished";
    case Reason::socket:
      return "socket";
    case Reason::fifo:
      return "fifo";
    case Reason::device:
      return "device";
    case Reason::link:
      return "link";
    case Reason::dangling_link:
      return "dangling-link";
    case Reason::link_loop:
      return "link-loop";
    case Reason::pseudo_file_system:
      return "pseudo-file-system";
    case Reason::git_objects:
      return "git-objects";
    case Reason::encrypted:
      return "encrypted";
    case Reason::damaged:
      return "damaged";
    case Reason::limit:
      return "limit";
    case Reason::unsupported:
      return "unsupported";
  }
  return {};
}

void SkipList::add(Reason reason, std::string path, std::string detail) {
  std::uint64_t& count = counts_[static_cast<std::size_t>(reason)];
  if (++count <= remembered) examples_.push_back({reason, std::move(path), std::move(detail)});
}

void SkipList::add(const SkipList& other) {
  std::array<std::uint64_t, reasons> taken{};
  for (const Omission& one : other.examples_) {
    const auto at = static_cast<std::size_t>(one.reason);
    if (counts_[at] + taken[at]++ < remembered) examples_.push_back(one);
  }
  for (std::size_t i = 0; i < reasons; ++i) counts_[i] += other.counts_[i];
}

void Tally::add(Tally&& other) {
  std::ranges::move(other.finds, std::back_inserter(finds));
  std::ranges::move(other.repositories, std::back_inserter(repositories));
  skipped.add(other.skipped);
  files += other.files;
  bytes += other.bytes;
  unreached += other.unreached;
}

}  // namespace locksmith::leaks
