// accuracy CATALOGUE CASES…: how often the named cause is the true one (`make accuracy`).
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "evaluate.hpp"

namespace {

using namespace locksmith;

void print_misses(const std::vector<evaluate::Verdict>& verdicts) {
  for (const evaluate::Verdict& verdict : verdicts) {
    if (verdict.right) continue;
    std::string ranked;
    for (std::size_t i = 0; i < verdict.ranked.size() && i < 4; ++i)
      ranked += fmt::format("{}{} {:.0f} %", i ? ", " : "", verdict.ranked[i].first,
                            100 * verdict.ranked[i].second);
    const auto place = std::ranges::find(verdict.ranked, verdict.labelled->truth,
                                         &std::pair<std::string, double>::first);
    fmt::print("  miss  {:<28} true: {} (rank {})\n        said: {}\n", verdict.labelled->name,
               verdict.labelled->truth, place - verdict.ranked.begin() + 1, ranked);
  }
}

void print_part(std::string_view heading, const std::vector<evaluate::Verdict>& verdicts,
                bool reliability, bool misses) {
  if (verdicts.empty()) return;
  fmt::print("{}\n{}", heading, evaluate::as_text(evaluate::score(verdicts), reliability));
  if (misses) print_misses(verdicts);
}

int measure_cases(const std::string& folder, const catalogue::Catalogue& catalogue) {
  const auto cases = evaluate::read_cases(folder, catalogue);
  if (!cases) {
    fmt::print(stderr, "error: {}\nhint: {}\n", cases.error().message, cases.error().hint);
    return 1;
  }
  std::vector<evaluate::Verdict> machine, spelled_out, context;
  for (const evaluate::Labelled& labelled : *cases) {
    const evaluate::Verdict verdict = evaluate::judge(labelled, catalogue);
    (labelled.machine ? machine : context).push_back(verdict);
    if (labelled.machine && labelled.spelled_out) spelled_out.push_back(verdict);
  }
  print_part(fmt::format("{}: can be told from the evidence", folder), machine, true, true);
  print_part("  of these, the answer says it", spelled_out, false, false);
  print_part(fmt::format("{}: only a person's context tells", folder), context, false, true);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: accuracy CATALOGUE [CASES…]\n");
    return 2;
  }
  const auto files = catalogue::Files::read(argv[1]);
  if (!files) {
    for (const catalogue::Problem& problem : files.error())
      fmt::print(stderr, "{}:{}: {}\n", problem.file, problem.line, problem.message);
    return 1;
  }
  const catalogue::Catalogue& catalogue = files->catalogue();
  const bool quiet = argc > 2 && std::string_view(argv[2]) == "--no-examples";
  if (!quiet) {
    const auto examples = evaluate::read_examples(*files);
    if (!examples) {
      fmt::print(stderr, "error: {}\n", examples.error().message);
      return 1;
    }
    std::vector<evaluate::Verdict> known, unknown;
    for (const evaluate::Labelled& example : *examples) {
      known.push_back(evaluate::judge(example, catalogue));
      unknown.push_back(evaluate::judge_as_unknown(example, catalogue));
    }
    print_part("The catalogue's own examples", known, false, true);
    print_part("The same, as if no file knew the provider (unknown host)", unknown, true,
               argc == 2);
  }
  int status = 0;
  for (int i = quiet ? 3 : 2; i < argc; ++i) status |= measure_cases(argv[i], catalogue);
  return status;
}
