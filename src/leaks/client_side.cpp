// By convention of the frameworks: folders that are served, files that bundlers write, and
// variables that are built into the page.
#include "leaks/client_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace locksmith::leaks {
namespace {

struct Prefix {
  std::string_view text, source;
};
// Each is documented as "exposed to the browser".
constexpr std::array<Prefix, 9> prefixes{{
    {"NEXT_PUBLIC_", "https://nextjs.org/docs/app/guides/environment-variables"},
    {"VITE_", "https://vite.dev/guide/env-and-mode"},
    {"REACT_APP_", "https://create-react-app.dev/docs/adding-custom-environment-variables/"},
    {"VUE_APP_", "https://cli.vuejs.org/guide/mode-and-env.html"},
    {"GATSBY_", "https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/"},
    {"NUXT_PUBLIC_", "https://nuxt.com/docs/guide/going-further/runtime-config"},
    {"EXPO_PUBLIC_", "https://docs.expo.dev/guides/environment-variables/"},
    {"STORYBOOK_", "https://storybook.js.org/docs/configure/environment-variables"},
    {"PUBLIC_", "https://svelte.dev/docs/kit/$env-static-public"},
}};

// Served as they are, whatever they hold.
constexpr std::array<std::string_view, 9> served{"public",           "public_html", "www",
                                                 "wwwroot",          "htdocs",      "_next",
                                                 "storybook-static", "static",      "__public"};
// Hold what was built: web pages, if the file is one of a web page.
constexpr std::array<std::string_view, 4> built{"dist", "build", "out", "www-build"};
constexpr std::array<std::string_view, 8> of_pages{".js",  ".mjs", ".css", ".html",
                                                   ".htm", ".map", ".svg", ".webmanifest"};
constexpr std::array<std::string_view, 5> bundles{".bundle.js", ".chunk.js", ".min.js", ".js.map",
                                                  ".bundle.mjs"};
// Below these a build keeps what runs on the server.
constexpr std::array<std::string_view, 3> server{"server", "node_modules", "functions"};

template <std::size_t N>
bool ends_with_any(std::string_view text, const std::array<std::string_view, N>& ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::ranges::find(list, text) != list.end();
}

std::vector<std::string_view> folders_of(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
    if (slash > 0) out.push_back(path.substr(0, slash));
    path.remove_prefix(slash + 1);
  }
  return out;
}

}  // namespace

std::string exposure(std::string_view path, std::string_view variable) {
  for (const Prefix& prefix : prefixes) {
    if (variable.starts_with(prefix.text)) {
      return fmt::format("{}… is built into the page", prefix.text);
    }
  }
  const std::string name = base::lower(path);
  const std::vector<std::string_view> folders = folders_of(name);
  if (std::ranges::any_of(folders, [](std::string_view f) { return is_one_of(f, server); })) {
    return {};
  }
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const bool next = folders[i] == "static" && i > 0 && folders[i - 1] == ".next";
    if (next) return ".next/static/ is served to browsers";
    const bool page = is_one_of(folders[i], built) && ends_with_any(name, of_pages);
    if (page || is_one_of(folders[i], served)) {
      return fmt::format("{}/ is served to browsers", folders[i]);
    }
  }
  if (ends_with_any(name, bundles)) return "a bundle is served to browsers";
  return {};
}

}  // namespace locksmith::leaks
