// What a recording means: which exchanges were refused and why, and what went to each host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "doctor/question.hpp"
#include "record/record.hpp"
#include "report/report.hpp"

namespace locksmith::cli {

// Refusals of the same request with the same answer are one.
struct Refusal {
  doctor::Question question;  // the report views it
  report::Report report;
  std::size_t times = 1;
};

// Each diagnosed, without sending anything. A 400, 404 or 405 counts when its cause can be named:
// it may mask a refusal, and mostly does not.
std::vector<Refusal> find_refusals(const record::Recording& recording,
                                   const catalogue::Catalogue& catalogue);

// One line for each host ("2 requests to api.example.com, 1 refused; key as it left: …"), then one
// for each thing that could not be seen, and what can be done about it.
std::string summary(const record::Recording& recording, const catalogue::Catalogue& catalogue,
                    std::string_view program);

// All of it, for --save. Not redacted yet.
http::Bundle as_bundle(const record::Recording& recording, const catalogue::Catalogue& catalogue);

}  // namespace locksmith::cli
