// The report for a terminal: each key with its copies, then what to do, then what was not searched.
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "leaks/report.hpp"
#include "report/pen.hpp"

namespace locksmith::leaks {
namespace {

using report::Pen;
namespace paint = report::paint;

constexpr std::size_t listed = 30;  // copies per key and group, unless --verbose

struct Group {
  Where where;
  std::string_view heading;
};
constexpr std::array groups{Group{Where::staged, "Staged for the next commit"},
                            Group{Where::file, "Files"}, Group{Where::log, "Logs"},
                            Group{Where::shell_history, "Shell histories"}};

std::string size(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{} MB", bytes / 1'000'000);
}

std::string remarks(const Find& find) {
  std::string out;
  const auto add = [&](std::string_view text) {
    if (!text.empty()) out.append(out.empty() ? "" : ", ").append(text);
  };
  if (!find.variable.empty()) add("in " + base::printable(find.variable));
  if (find.disguise != Disguise::plain) add(to_string(find.disguise));
  if (!find.original.empty()) add("from " + base::printable(find.original));
  add(find.exposure);
  if (find.more > 0) add(fmt::format("and {} more in it", find.more));
  return out;
}

void write_find(Pen& pen, const Find& find) {
  const std::string about = remarks(find);
  pen.paragraph("  ", place(find) + (about.empty() ? "" : "  " + about));
}

void write_group(Pen& pen, const Report& report, std::size_t key, const Group& group, bool all) {
  std::vector<const Find*> finds;
  for (const Find& find : report.tally.finds) {
    if (find.key == key && find.where == group.where && !find.at_home) finds.push_back(&find);
  }
  if (finds.empty()) return;
  pen.paragraph("", group.heading);
  const std::size_t shown = all ? finds.size() : std::min(finds.size(), listed);
  for (std::size_t i = 0; i < shown; ++i) write_find(pen, *finds[i]);
  if (shown < finds.size()) {
    pen.paragraph("  ", fmt::format("… and {} more (--verbose lists them)", finds.size() - shown));
  }
}

void write_history(Pen& pen, const RepositoryFinds& repository, std::size_t key, bool all) {
  std::size_t shown = 0, left = 0;
  for (const HistoryFind& find : repository.found.finds) {
    if (find.key != key) continue;
    if (shown == 0) {
      pen.paragraph("", repository.path == "."
                            ? "Git history"
                            : "Git history of " + base::printable(repository.path));
    }
    if (!all && shown == listed) {
      ++left;
      continue;
    }
    ++shown;
    const std::string submodule = find.repository.empty() ? "" : find.repository + "/";
    pen.paragraph("  ", submodule + place(find) + "  " + commits(find));
  }
  if (left > 0) pen.paragraph("  ", fmt::format("… and {} more (--verbose lists them)", left));
}

std::string title(const Subject& subject) {
  std::string out = subject.fingerprint;
  if (!subject.what.empty()) out += ", " + subject.what;
  if (!subject.name.empty()) out += ", " + base::printable(subject.name);
  return out;
}

void write_advice(Pen& pen, const Report& report, std::size_t key) {
  const std::vector<Advice> lines = advice(report, key);
  if (lines.empty()) return;
  pen.paragraph("", "What to do, in this order");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    pen.paragraph(fmt::format("  {}. ", i + 1), lines[i].text);
    for (const std::string& command : lines[i].commands) pen.command(command);
  }
}

void write_key(Pen& pen, const Report& report, std::size_t key, bool all) {
  const Subject& subject = report.keys[key];
  const std::size_t found = report.leaks(key);
  if (found == 0 && report.any) return;
  pen.heading(title(subject));
  if (found == 0) return pen.paragraph("", "not found");
  for (const Group& group : groups) write_group(pen, report, key, group, all);
  for (const RepositoryFinds& repository : report.repositories) {
    write_history(pen, repository, key, all);
  }
  pen.blank();
  write_advice(pen, report, key);
}

struct Words {
  Reason reason;
  std::string_view singular, plural;
};
constexpr std::array skip_words{
    Words{Reason::unreadable, "unreadable", "unreadable"},
    Words{Reason::vanished, "vanished", "vanished"},
    Words{Reason::socket, "socket", "sockets"},
    Words{Reason::fifo, "FIFO", "FIFOs"},
    Words{Reason::device, "device", "devices"},
    Words{Reason::link, "symbolic link", "symbolic links"},
    Words{Reason::link_loop, "loop of symbolic links", "loops of symbolic links"},
    Words{Reason::pseudo_file_system, "pseudo file system", "pseudo file systems"},
    Words{Reason::encrypted, "encrypted", "encrypted"},
    Words{Reason::damaged, "damaged archive", "damaged archives"},
    Words{Reason::limit, "archive above the limits", "archives above the limits"},
    Words{Reason::unsupported, "unsupported archive", "unsupported archives"}};

// What somebody should look at, because it might hold a copy.
bool is_worth_a_line(Reason reason) {
  return reason == Reason::unreadable || reason == Reason::vanished ||
         reason == Reason::encrypted || reason == Reason::damaged || reason == Reason::limit ||
         reason == Reason::unsupported;
}

void write_skipped(Pen& pen, const SkipList& skipped, bool all) {
  std::string line;
  for (const Words& words : skip_words) {
    const std::uint64_t n = skipped.count(words.reason);
    if (n == 0) continue;
    line += fmt::format("{}{} {}", line.empty() ? "Not searched: " : ", ", n,
                        n == 1 ? words.singular : words.plural);
  }
  if (line.empty()) return;
  pen.paragraph("", line + (all ? "" : " (--verbose lists them)"));
  for (const Omission& one : skipped.examples()) {
    if (!all && !is_worth_a_line(one.reason)) continue;
    const std::string detail = one.detail.empty() ? "" : ": " + one.detail;
    pen.paragraph("  ",
                  fmt::format("{}  {}{}", base::printable(one.path), to_string(one.reason), detail),
                  {.code = paint::dim});
  }
}

void write_history_skipped(Pen& pen, const Report& report) {
  for (const RepositoryFinds& repository : report.repositories) {
    for (const SkippedObjects& one : repository.found.skipped) {
      std::string text = fmt::format("{}: {}", one.what, one.reason);
      if (one.count > 1) text += fmt::format(" ({} times)", one.count);
      pen.paragraph("  ", text, {.code = paint::dim});
    }
  }
}

std::string searched(const Report& report) {
  std::string out = fmt::format("Searched {} ({})", base::count_of(report.tally.files, "file"),
                                size(report.tally.bytes));
  std::uint64_t objects = 0;
  for (const RepositoryFinds& repository : report.repositories) objects += repository.found.objects;
  if (!report.repositories.empty()) {
    out += fmt::format(
        " and {} in the history of {}", base::count_of(objects, "object"),
        base::count_of(report.repositories.size(), "git repository", "git repositories"));
  }
  return out + ".";
}

}  // namespace

std::string as_text(const Report& report, const report::TextStyle& style) {
  Pen pen(style.color, style.width);
  for (std::size_t key = 0; key < report.keys.size(); ++key) {
    write_key(pen, report, key, style.verbose);
  }
  if (report.any && report.leaks() == 0) pen.paragraph("", "No key was found.");
  pen.blank();
  pen.paragraph("", searched(report));
  write_skipped(pen, report.tally.skipped, style.verbose);
  write_history_skipped(pen, report);
  if (report.interrupted) pen.paragraph("", "Interrupted: this is what was found so far.");
  return pen.take();
}

}  // namespace locksmith::leaks
