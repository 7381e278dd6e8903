// The list of what the catalogue knows, for a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/known.hpp"
#include "report/pen.hpp"

namespace locksmith::report {
namespace {

constexpr std::size_t gap = 2, widest_name = 24, least_hosts = 24;

struct Row {
  std::string_view slug;
  std::string name;
  const catalogue::Provider* provider = nullptr;  // whose hosts are shown, else
  std::string_view kind;
};

// Cut where a character ends.
std::string shortened(std::string_view name) {
  if (columns(name) <= widest_name) return std::string(name);
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(name[i]) & 0xc0) != 0x80;
    if (starts && columns(out) == widest_name - 1) break;
    out += name[i];
  }
  return out + "…";
}

// As many hosts as fit; the first ones are those that people know.
std::string hosts_of(const catalogue::Provider& provider, std::size_t width) {
  if (provider.hosts.empty()) return "self-hosted";
  std::string out(provider.hosts.front());
  for (std::size_t i = 1; i < provider.hosts.size(); ++i) {
    const std::string more = fmt::format(" +{}", provider.hosts.size() - i);
    const std::string next = fmt::format(", {}", provider.hosts[i]);
    const std::size_t needed = i + 1 < provider.hosts.size() ? more.size() : 0;
    if (out.size() + next.size() + needed > width) return out + more;
    out += next;
  }
  return out;
}

std::string table(const std::vector<Row>& rows, std::size_t width) {
  std::size_t slug = 0, name = 0;
  for (const Row& row : rows) {
    slug = std::max(slug, columns(row.slug) + gap);
    name = std::max(name, columns(row.name) + gap);
  }
  const std::size_t left = width > slug + name ? width - slug - name : 0;
  std::string out;
  for (const Row& row : rows) {
    std::string line = fmt::format("{:<{}}{}", row.slug, slug, row.name);
    line.append(slug + name - columns(line), ' ');
    line += row.provider ? hosts_of(*row.provider, std::max(left, least_hosts)) : row.kind;
    out += base::printable(line) + "\n";
  }
  return out;
}

}  // namespace

std::string list_as_text(const catalogue::Found& found, const TextStyle& style) {
  std::vector<Row> providers, intermediaries;
  for (const catalogue::Provider* provider : found.providers) {
    providers.push_back({provider->slug, shortened(provider->name), provider, {}});
  }
  for (const catalogue::Intermediary* item : found.intermediaries) {
    intermediaries.push_back({item->slug, shortened(item->name), nullptr, item->kind});
  }
  const Pen pen(style.color, style.width);
  std::string out;
  if (!providers.empty()) {
    out += pen.painted(paint::bold, "Providers") + "\n" + table(providers, style.width);
  }
  if (!providers.empty() && !intermediaries.empty()) out += "\n";
  if (!intermediaries.empty()) {
    out += pen.painted(paint::bold, "Intermediaries: what may answer in an API's place") + "\n" +
           table(intermediaries, style.width);
  }
  return out;
}

}  // namespace locksmith::report
