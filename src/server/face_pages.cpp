// /causes/: what a refusal's `type` leads to. HTML for people, the same Markdown for machines.
#include <cmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <memory>

#include "catalogue/catalogue.hpp"
#include "server/faces.hpp"

namespace locksmith::server {
namespace {

constexpr std::string_view head =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>"
    "body{{font:17px/1.5 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;"
    "color:#222;background:#fff}}code,pre{{font-size:.9em;background:#f2f2f2}}"
    "pre{{padding:.8em;overflow:auto}}a{{color:#0b57a4}}"
    "@media(prefers-color-scheme:dark){{body{{color:#ddd;background:#181818}}"
    "code,pre{{background:#2a2a2a}}a{{color:#8ab8e8}}}}</style></head><body>\n{}</body></html>\n";

// A person's browser names HTML; curl and programs accept anything.
bool wants_html(const RequestView& request) {
  const auto accept = request.first("Accept");
  const auto html = accept.find("text/html"), markdown = accept.find("text/markdown");
  return html < markdown;
}

std::string markdown_of(const catalogue::Cause& cause) {
  std::string_view page = cause.page;
  while (page.starts_with('\n')) page.remove_prefix(1);
  return fmt::format("# {}\n\n`{}`: {}\n\n{}\n## Which status\n\n{}\n", cause.title, cause.slug,
                     cause.sentence, page, cause.statuses);
}

std::string html_of(std::string_view title, const std::string& markdown) {
  // Without CMARK_OPT_UNSAFE: HTML in a page is left out.
  const std::unique_ptr<char, decltype(&std::free)> body(
      cmark_markdown_to_html(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT), &std::free);
  return fmt::format(head, title, body.get());
}

void send_page(Call& call, std::string_view title, const std::string& markdown) {
  auto& response = call.response;
  response.start(200);
  response.header("Vary", "Accept");
  response.header("Cache-Control", "public, max-age=3600");
  response.header("X-Content-Type-Options", "nosniff");
  if (!wants_html(call.request)) return response.finish("text/markdown; charset=utf-8", markdown);
  response.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.finish("text/html; charset=utf-8", html_of(title, markdown));
}

}  // namespace

void cause_page(Call& call) {
  const auto* cause = catalogue::embedded().cause(call.parameters[0]);
  if (!cause) return call.problem(404, "There is no such cause; /causes/ lists all.");
  send_page(call, cause->title, markdown_of(*cause));
}

void cause_list(Call& call) {
  std::string markdown = "# Why a request is refused\n\n";
  for (const auto& cause : catalogue::embedded().causes)
    markdown += fmt::format("- [{}](/causes/{}): {}\n", cause.slug, cause.slug, cause.title);
  send_page(call, "Why a request is refused", markdown);
}

}  // namespace locksmith::server
