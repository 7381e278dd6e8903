// A report about a made-up API, for the tests of this folder.
#pragma once

#include <array>

#include "report/report.hpp"

namespace locksmith::report {

struct Sample {
  Sample() {
    causes[0] = cause("unknown-key", "The server does not know this key.", {unknown_fix, 2},
                      "Make a fresh key at {keys_page} and try it.");
    causes[1] = cause("rate-limited", "Too many requests were sent.", {}, "");
    causes[2] = cause("whitespace", "White space was sent as part of the key.", {whitespace_fix, 3},
                      "Count the bytes of {variable}.");
    known.causes = causes;
    report.method = "GET";
    report.url = "https://api.acme.test/v1/me";
    report.host = "api.acme.test";
    report.status = 401;
    report.header = "Authorization";
    report.scheme = "Bearer";
    report.variable = "ACME_KEY";
    report.credential = "Authorization header, acme_… (30 characters, sha256 00112233)";
    report.offline = true;
  }

  static catalogue::Cause cause(std::string_view slug, std::string_view sentence,
                                catalogue::Strings fix, std::string_view look_next) {
    catalogue::Cause made;
    made.slug = slug;
    made.title = "A heading";
    made.sentence = sentence;
    made.group = "credential";
    made.who = "caller";
    made.fix = fix;
    made.look_next = look_next;
    return made;
  }

  // A finding for `slug`; a negative weight speaks against it.
  diagnosis::Finding& add(std::string_view slug, double decibans, std::string text) {
    report.findings.push_back({.id = "test.finding",
                               .place = "Authorization header, byte 40",
                               .text = std::move(text),
                               .weights = {{slug, decibans}}});
    return report.findings.back();
  }

  Report& diagnosed() {
    report.diagnosis = diagnosis::diagnose(report.findings, known, report.status);
    report.outcome = report.diagnosis.determined ? Outcome::cause : Outcome::undetermined;
    return report;
  }

  static constexpr std::string_view whitespace_fix[] = {
      "printf '{header}: {scheme} %s\\n' \"${variable}\" | curl -sS -D - -o /dev/null -H @- "
      "'{url}'   # again",
      "export {variable}=\"$(printf %s \"${variable}\" | tr -d '[:space:]')\"   # mends this shell",
      "Store the key again with printf %s instead of echo, which adds a line feed."};
  static constexpr std::string_view unknown_fix[] = {
      "Make a new key at {keys_page} and try it with the same request.",
      "curl -sS -D - -o /dev/null '{url}'"};
  std::array<catalogue::Cause, 3> causes;
  catalogue::Catalogue known;
  Report report;
};

}  // namespace locksmith::report
