#include "catalogue/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>

#include "catalogue/example.hpp"
#include "catalogue/read.hpp"

namespace locksmith::catalogue {

namespace fs = std::filesystem;

namespace {

struct Loaded {
  std::vector<Cause> causes;
  std::vector<Answer> answers;
  std::vector<Provider> providers;
  std::vector<Intermediary> intermediaries;
  std::vector<Example> examples;
};

}  // namespace

// Reads one catalogue into an arena, collecting problems.
class Loader {
 public:
  Loader(Arena& arena, const Catalogue& known) : arena_(arena), known_(known) {}

  void folder(const fs::path& root) {
    for (const fs::path& file : files(root / "causes", ".md")) cause(file);
    std::ranges::sort(loaded_.causes, {}, &Cause::slug);
    learn_causes();
    if (fs::exists(root / "answers.toml")) answers(root / "answers.toml");
    learn_answers();
    for (const fs::path& file : files(root / "providers", ".toml")) rules(file, false);
    for (const fs::path& file : files(root / "intermediaries", ".toml")) rules(file, true);
    std::ranges::sort(loaded_.providers, {}, &Provider::slug);
    std::ranges::sort(loaded_.intermediaries, {}, &Intermediary::slug);
    check_owners(root);
    check_strays(root);
  }

  void file(const fs::path& path) {
    learn_causes();
    learn_answers();
    rules(path, path.parent_path().filename() == "intermediaries");
  }

  void provider(std::string_view text, std::string_view slug) {
    learn_causes();
    learn_answers();
    rules(text, std::string(slug) + ".toml", slug, false);
  }

  const Catalogue& known() const { return known_; }

  Loaded loaded_;
  Problems problems_;

 private:
  Reading reading(const std::string& file) { return {file, arena_, problems_}; }

  std::vector<fs::path> files(const fs::path& folder, std::string_view extension) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == extension) out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
  }

  std::optional<std::string> content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    if (in && out << in.rdbuf()) return out.str();
    // An empty file makes operator<< fail too, but it can be opened.
    if (in.is_open() && !in.bad()) return std::string();
    reading(file.string()).problem(0, "cannot be read");
    return {};
  }

  std::string_view slug_of(const fs::path& file) {
    const std::string slug = file.stem().string();
    if (slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != slug.npos) {
      reading(file.string()).problem(0, "the file's name is no slug", "lower case, digits, '-'");
    }
    return arena_.keep(slug);
  }

  void cause(const fs::path& file) {
    if (const auto text = content(file)) {
      loaded_.causes.push_back(read_cause(reading(file.string()), *text, slug_of(file)));
    }
  }

  void answers(const fs::path& file) {
    const auto text = content(file);
    if (!text) return;
    const Reading here = reading(file.string());
    with_toml(here, *text,
              [&](Fields& fields) { loaded_.answers = read_answers(here, names_, fields); });
  }

  void rules(const fs::path& file, bool intermediary) {
    if (const auto text = content(file)) rules(*text, file.string(), slug_of(file), intermediary);
  }

  void rules(std::string_view text, std::string file, std::string_view slug, bool intermediary) {
    const Reading here = reading(file);
    with_toml(here, text, [&](Fields& fields) {
      const Owner owner{arena_.keep(slug), intermediary};
      if (intermediary) {
        loaded_.intermediaries.push_back(read_intermediary(here, names_, fields, owner.slug));
      } else {
        loaded_.providers.push_back(read_provider(here, names_, fields, owner.slug));
      }
      read_examples(here, names_, fields, owner, loaded_.examples);
    });
  }

  void learn_causes() {
    for (const Cause& cause : known_.causes) names_.causes.push_back(cause.slug);
    for (const Cause& cause : loaded_.causes) names_.causes.push_back(cause.slug);
  }
  void learn_answers() {
    for (const Answer& answer : known_.answers) names_.answers.push_back(answer.kind);
    for (const Answer& answer : loaded_.answers) names_.answers.push_back(answer.kind);
  }

  // One slug, one owner; one host name, one provider.
  void check_owners(const fs::path& root) {
    std::map<std::string_view, std::string_view> hosts;
    for (const Provider& provider : loaded_.providers) {
      const Reading here =
          reading((root / "providers" / fmt::format("{}.toml", provider.slug)).string());
      if (std::ranges::binary_search(loaded_.intermediaries, provider.slug, {},
                                     &Intermediary::slug)) {
        here.problem(0, fmt::format("\"{}\" is an intermediary too", provider.slug),
                     "rename one of them");
      }
      for (const std::string_view host : provider.hosts) {
        const auto [entry, is_new] = hosts.emplace(host, provider.slug);
        if (is_new || entry->second == provider.slug) continue;
        here.problem(1, fmt::format("host \"{}\" belongs to \"{}\" too", host, entry->second));
      }
    }
  }

  // A file in the wrong folder would be ignored without a word.
  void check_strays(const fs::path& root) {
    for (const fs::path& file : files(root, ".toml")) {
      if (file.filename() == "answers.toml") continue;
      reading(file.string())
          .problem(0, "stands in no folder of the catalogue",
                   "put it into providers/ or intermediaries/");
    }
  }

  Arena& arena_;
  const Catalogue& known_;
  Names names_;
};

namespace {

// `base` with those of `over` in the place of what has the same name.
template <class T>
std::vector<T> merge(std::span<const T> base, std::span<const T> over, std::string_view T::*key) {
  std::vector<T> out(over.begin(), over.end());
  for (const T& item : base) {
    if (std::ranges::find(over, item.*key, key) == over.end()) out.push_back(item);
  }
  std::ranges::sort(out, {}, key);
  return out;
}

std::vector<Phrase> phrases_of(std::span<const Answer> answers) {
  std::vector<Phrase> phrases;
  for (const Answer& answer : answers) {
    for (const std::string_view text : answer.phrases)
      phrases.push_back({text, answer.kind, false});
    for (const std::string_view text : answer.hints) phrases.push_back({text, answer.kind, true});
  }
  std::ranges::stable_sort(phrases, {}, &Phrase::text);
  return phrases;
}

// `hosts` without those that `over` names: who teaches a host anew has it.
Strings left_over(Arena& arena, Strings hosts, std::span<const Provider> over) {
  std::vector<std::string_view> left;
  for (const std::string_view host : hosts) {
    const auto names_it = [&](const auto& owner) {
      return std::ranges::find(owner.hosts, host) != owner.hosts.end();
    };
    const bool taken = std::ranges::any_of(over, [&](const Provider& provider) {
      return names_it(provider) || std::ranges::any_of(provider.environments, names_it);
    });
    if (!taken) left.push_back(host);
  }
  return left.size() == hosts.size() ? hosts : arena.keep(left);
}

std::vector<Provider> merge_providers(Arena& arena, std::span<const Provider> base,
                                      std::span<const Provider> over) {
  std::vector<Provider> out = merge(base, over, &Provider::slug);
  for (Provider& provider : out) {
    if (std::ranges::find(over, provider.slug, &Provider::slug) != over.end()) continue;
    provider.hosts = left_over(arena, provider.hosts, over);
    std::vector<HostEnvironment> environments(provider.environments.begin(),
                                              provider.environments.end());
    for (HostEnvironment& environment : environments) {
      environment.hosts = left_over(arena, environment.hosts, over);
    }
    provider.environments = arena.keep(environments);
  }
  return out;
}

}  // namespace

std::expected<Files, Problems> Files::finish(Files files, Loader& loader) {
  Arena& arena = *files.arena_;
  const Loaded& loaded = loader.loaded_;
  files.catalogue_ = {arena.keep(loaded.causes), arena.keep(loaded.answers),
                      arena.keep(loaded.providers), arena.keep(loaded.intermediaries),
                      arena.keep(phrases_of(loaded.answers))};
  files.examples_ = arena.keep(loaded.examples);
  const Catalogue all = files.over(loader.known());
  for (const Example& example : files.examples_) {
    if (const auto exchange = read_example(example, all); !exchange) {
      loader.problems_.push_back({std::string(example.file), example.line, exchange.error().message,
                                  exchange.error().hint});
    }
  }
  if (loader.problems_.empty()) return files;
  std::ranges::stable_sort(loader.problems_, {},
                           [](const Problem& p) { return std::tie(p.file, p.line); });
  return std::unexpected(std::move(loader.problems_));
}

std::expected<Files, Problems> Files::read(const fs::path& path, const Catalogue& known) {
  Files files;
  Loader loader(*files.arena_, known);
  std::error_code error;
  if (fs::is_directory(path, error))
    loader.folder(path);
  else
    loader.file(path);
  return finish(std::move(files), loader);
}

std::expected<Files, Problems> Files::read_provider(std::string_view text, std::string_view slug,
                                                    const Catalogue& known) {
  Files files;
  Loader loader(*files.arena_, known);
  loader.provider(text, slug);
  return finish(std::move(files), loader);
}

Catalogue Files::over(const Catalogue& base) {
  const auto answers = arena_->keep(merge(base.answers, catalogue_.answers, &Answer::kind));
  return {arena_->keep(merge(base.causes, catalogue_.causes, &Cause::slug)), answers,
          arena_->keep(merge_providers(*arena_, base.providers, catalogue_.providers)),
          arena_->keep(merge(base.intermediaries, catalogue_.intermediaries, &Intermediary::slug)),
          arena_->keep(phrases_of(answers))};
}

}  // namespace locksmith::catalogue
