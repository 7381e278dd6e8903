#include "whereabouts/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::whereabouts {
namespace {

struct Words {
  std::string_view name, title;
};
constexpr std::array<Words, 15> words_of{{
    {"shell", "This shell"},
    {"process", "Running processes"},
    {"dotenv", "Programs started here, by .env files"},
    {"direnv", "This folder's shell, by direnv"},
    {"startup", "New shells and sessions"},
    {"ide", "Programs started by an editor"},
    {"compose", "docker compose"},
    {"image", "Container images built here"},
    {"systemd", "systemd units"},
    {"supervisor", "pm2 and supervisord"},
    {"cron", "cron"},
    {"kubernetes", "Kubernetes"},
    {"ci", "Continuous integration"},
    {"framework", "Configuration of programs"},
    {"client", "Command-line clients"},
}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Spring, ASP.NET and others take "openai.api-key" for OPENAI_API_KEY.
// https://docs.spring.io/spring-boot/reference/features/external-config.html (relaxed binding)
std::string bound(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_word(c) && c != '_') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

}  // namespace

std::string_view name_of(Consumer consumer) {
  return words_of.at(static_cast<std::size_t>(consumer)).name;
}
std::string_view title_of(Consumer consumer) {
  return words_of.at(static_cast<std::size_t>(consumer)).title;
}

std::string Place::where() const {
  if (consumer == Consumer::shell) return "this shell";
  if (consumer == Consumer::process) return fmt::format("process {} ({})", pid, program);
  const std::string shown = base::printable(path);
  return line > 0 ? fmt::format("{}, line {}", shown, line) : shown;
}

Names::Names(std::vector<std::string> names) : names_(std::move(names)) {
  std::ranges::sort(names_);
  names_.erase(std::ranges::unique(names_).begin(), names_.end());
  for (const std::string& name : names_) bound_.push_back(bound(name));
}

bool Names::has(std::string_view name) const { return std::ranges::binary_search(names_, name); }

std::string Names::of_path(std::string_view path) const {
  const std::string_view last = path.substr(path.rfind('.') + 1);
  if (has(last)) return std::string(last);
  if (has(path)) return std::string(path);
  const std::string whole = bound(path), end = bound(last);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!bound_[i].empty() && (bound_[i] == whole || bound_[i] == end)) return names_[i];
  }
  return {};
}

bool Names::may_be_in(std::string_view text) const {
  const std::string lower = base::lower(text);
  return std::ranges::any_of(names_, [&](const std::string& name) {
    const std::string parts = base::lower(name);
    for (std::size_t start = 0; start < parts.size();) {
      const std::size_t end = std::min(parts.find('_', start), parts.size());
      if (!lower.contains(std::string_view(parts).substr(start, end - start))) return false;
      start = end + 1;
    }
    return true;
  });
}

std::vector<std::string> Names::in(std::string_view text) const {
  std::vector<std::string> found;
  for (const std::string& name : names_) {
    if (find_word(text, name) != std::string_view::npos) found.push_back(name);
  }
  return found;
}

std::size_t find_word(std::string_view text, std::string_view name, std::size_t from) {
  if (name.empty()) return std::string_view::npos;
  for (auto at = text.find(name, from); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return at;
  }
  return std::string_view::npos;
}

}  // namespace locksmith::whereabouts
