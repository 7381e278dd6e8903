#include "catalogue_emit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <vector>

namespace locksmith::catalogue {
namespace {

// A string_view with its size written out: the text may hold any byte, NUL too.
std::string literal(std::string_view text) {
  if (text.empty()) return "{}";
  std::string out = "{\"";
  std::size_t line = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '?' || byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\{:03o}", byte);  // three octal digits end by themselves; no trigraphs
    } else {
      out += c;
    }
    if (++line >= 2000 || (c == '\n' && line > 60)) {
      out += "\"\n\"";
      line = 0;
    }
  }
  return out + fmt::format("\", {}}}", text.size());
}

std::string number(double value) {
  std::string out = fmt::format("{}", value);
  return out.find_first_of(".e") == out.npos ? out + ".0" : out;
}

template <class... Members>
std::string braces(const Members&... members) {
  return fmt::format("{{{}}}", fmt::join(std::vector<std::string>{members...}, ", "));
}

// One source file in the making. An array is written before what refers to it.
class Source {
 public:
  explicit Source(std::string name) : name_(std::move(name)) {}

  // An array that only this file sees; returns the expression for a span over it.
  template <class Item, class Write>
  std::string array(std::string_view type, std::span<const Item> items, Write write) {
    if (items.empty()) return "{}";
    const std::string initializer = list(items, write);
    const std::string array_name = fmt::format("a{}", ++count_);
    body_ += fmt::format("constexpr {} {}[] = {};\n", type, array_name, initializer);
    return braces(array_name, std::to_string(items.size()));
  }

  // An array that the index refers to.
  template <class Item, class Write>
  std::string shared(std::string_view type, const std::string& array_name,
                     std::span<const Item> items, std::string& declarations, Write write) {
    if (items.empty()) return "{}";
    const std::string initializer = list(items, write);
    const std::string declaration =
        fmt::format("extern const {} {}[{}];\n", type, array_name, items.size());
    declarations += declaration;
    body_ +=
        "}  // namespace\n" + declaration +
        fmt::format("constinit const {} {}[] = {};\nnamespace {{\n", type, array_name, initializer);
    return braces(array_name, std::to_string(items.size()));
  }

  std::string strings(Strings items) { return array("std::string_view", items, literal); }

  const std::string& body() const { return body_; }

 private:
  template <class Item, class Write>
  static std::string list(std::span<const Item> items, Write write) {
    std::string out = "{\n";
    for (const Item& item : items) out += "    " + write(item) + ",\n";
    return out + "}";
  }

  std::string name_;
  std::string body_;
  int count_ = 0;
};

constexpr std::string_view head =
    "// Made from catalogue/ by tools/catalogue_compiler.cpp.\n#include "
    "\"catalogue/catalogue.hpp\"\n\n"
    "namespace locksmith::catalogue {\nnamespace data {\n";

std::string file(const Source& source) {
  return fmt::format(
      "{}namespace {{\n{}}}  // namespace\n}}  // namespace data\n}}  // namespace "
      "locksmith::catalogue\n",
      head, source.body());
}

std::string identifier(std::string_view slug, std::string_view what) {
  std::string out = fmt::format("p_{}_{}", slug, what);
  for (char& c : out) {
    if (c == '-') c = '_';
  }
  return out;
}

std::string place(credential::Place place) {
  return fmt::format("static_cast<credential::Place>({})", static_cast<int>(place));
}
std::string flag(bool value) { return value ? "true" : "false"; }

std::string weights(Source& out, Weights weights) {
  return out.array("Weight", weights,
                   [](const Weight& w) { return braces(literal(w.cause), number(w.decibans)); });
}

std::string condition(const Condition& c) {
  return braces(fmt::format("static_cast<Condition::What>({})", static_cast<int>(c.what)),
                literal(c.name), literal(c.text));
}

auto refusal_writer(Source& out) {
  return [&out](const Refusal& r) {
    return braces(out.array("int", r.statuses, [](int status) { return std::to_string(status); }),
                  out.array("Condition", r.when, condition), literal(r.answer),
                  weights(out, r.weights), literal(r.note), literal(r.look_next), literal(r.source),
                  literal(r.checked));
  };
}

std::string key(const KeyKind& k) {
  return braces(literal(k.kind), literal(k.shape), literal(k.prefix), literal(k.environment),
                literal(k.role), flag(k.accepted), flag(k.distinctive),
                fmt::format("static_cast<credential::Checksum>({})", static_cast<int>(k.checksum)),
                literal(k.instead), literal(k.source));
}

// Writes what a provider refers to, and returns its own initializer, for the index.
std::string provider(Source& out, const Provider& p, std::string& declarations) {
  const auto shared = [&](std::string_view type, std::string_view what, auto items, auto write) {
    return out.shared(type, identifier(p.slug, what), items, declarations, write);
  };
  const auto strings = [&](std::string_view what, Strings items) {
    return shared("std::string_view", what, items, literal);
  };
  return braces(
      literal(p.slug), literal(p.name), strings("hosts", p.hosts),
      shared("Condition", "recognise", p.recognise, condition), strings("variables", p.variables),
      strings("base_urls", p.base_url_variables),
      shared(
          "HostEnvironment", "environments", p.environments,
          [&](const HostEnvironment& e) { return braces(literal(e.name), out.strings(e.hosts)); }),
      braces(literal(p.pages.keys), literal(p.pages.docs), literal(p.pages.status)),
      shared("Placement", "placements", p.placements,
             [&](const Placement& x) {
               return braces(braces(place(x.place), literal(x.name), literal(x.scheme)),
                             literal(x.basic_part), literal(x.basic_user), out.strings(x.kinds),
                             literal(x.note));
             }),
      shared("Companion", "companions", p.companions,
             [&](const Companion& c) {
               return braces(place(c.place), literal(c.name), literal(c.cause), literal(c.example),
                             literal(c.when), literal(c.source));
             }),
      shared("KeyKind", "keys", p.keys, key),
      braces(literal(p.whoami.method), literal(p.whoami.url), literal(p.whoami.note),
             literal(p.whoami.source), strings("whoami_kinds", p.whoami.kinds),
             braces(strings("whoami_owner", p.whoami.answer.owner), literal(p.whoami.answer.name),
                    literal(p.whoami.answer.scopes), literal(p.whoami.answer.expires),
                    literal(p.whoami.answer.owner_url), literal(p.whoami.answer.source),
                    literal(p.whoami.answer.checked))),
      shared("Refusal", "refusals", p.refusals, refusal_writer(out)), strings("quirks", p.quirks));
}

std::string intermediary(Source& out, const Intermediary& i) {
  return braces(literal(i.slug), literal(i.name), literal(i.kind),
                out.array("Condition", i.recognise, condition),
                out.array("Refusal", i.refusals, refusal_writer(out)), out.strings(i.quirks));
}

std::string cause(Source& out, const Cause& c) {
  return braces(literal(c.slug), literal(c.title), literal(c.sentence), literal(c.group),
                literal(c.statuses), literal(c.who),
                out.array("Cause::Prior", c.priors,
                          [](const Cause::Prior& prior) {
                            return braces(std::to_string(prior.status), number(prior.decibans));
                          }),
                out.strings(c.fix), literal(c.look_next), literal(c.page));
}

std::string answer(Source& out, const Answer& a) {
  return braces(literal(a.kind), literal(a.says), weights(out, a.weights), out.strings(a.phrases),
                out.strings(a.hints));
}

// By slug, so that a new provider does not move the others (FNV-1a).
std::size_t part_of(std::string_view slug, std::size_t parts) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : slug) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash % parts;
}

}  // namespace

std::map<std::string, std::string> emit_sources(const Catalogue& catalogue, std::size_t parts) {
  std::string declarations;
  std::vector<Source> provider_files;
  for (std::size_t i = 0; i < parts; ++i) provider_files.emplace_back("providers");
  Source causes_file("causes"), intermediaries_file("intermediaries"), index("index");

  const std::string providers =
      index.array("Provider", catalogue.providers, [&](const Provider& p) {
        return provider(provider_files[part_of(p.slug, parts)], p, declarations);
      });
  const std::string causes =
      causes_file.shared("Cause", "all_causes", catalogue.causes, declarations,
                         [&](const Cause& c) { return cause(causes_file, c); });
  const std::string answers =
      causes_file.shared("Answer", "all_answers", catalogue.answers, declarations,
                         [&](const Answer& a) { return answer(causes_file, a); });
  const std::string phrases = causes_file.shared(
      "Phrase", "all_phrases", catalogue.phrases, declarations, [](const Phrase& p) {
        return braces(literal(p.text), literal(p.answer), p.hint ? "true" : "false");
      });
  const std::string intermediaries = intermediaries_file.shared(
      "Intermediary", "all_intermediaries", catalogue.intermediaries, declarations,
      [&](const Intermediary& i) { return intermediary(intermediaries_file, i); });

  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < parts; ++i)
    files[fmt::format("providers_{}.cpp", i)] = file(provider_files[i]);
  files["causes.cpp"] = file(causes_file);
  files["intermediaries.cpp"] = file(intermediaries_file);
  files["index.cpp"] = fmt::format(
      "{}{}namespace {{\n{}constexpr Catalogue all = {{{}, {}, {}, {}, {}}};\n}}  // namespace\n}} "
      " // "
      "namespace data\n\n"
      "const Catalogue& embedded() {{ return data::all; }}\n\n}}  // namespace "
      "locksmith::catalogue\n",
      head, declarations, index.body(), causes, answers, providers, intermediaries, phrases);
  return files;
}

}  // namespace locksmith::catalogue
