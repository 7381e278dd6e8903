#include "evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>

#include "base/file.hpp"
#include "catalogue/example.hpp"
#include "http/har.hpp"
#include "inspect/judge.hpp"

namespace locksmith::evaluate {
namespace {

namespace json = boost::json;

Result<Labelled> read_case(const std::filesystem::path& folder, const json::object& row,
                           const catalogue::Catalogue& catalogue) {
  Labelled labelled;
  labelled.name = row.at("id").as_string();
  labelled.truth = row.at("truth").as_string();
  for (const json::value& other : row.at("also").as_array())
    labelled.also.emplace_back(other.as_string());
  const json::value* level = row.if_contains("evidence_level");
  labelled.machine = !level || level->as_string() == "machine";
  const json::value* spelled_out = row.if_contains("spelled_out");
  labelled.spelled_out = spelled_out && spelled_out->as_bool();
  auto text = base::read_regular_file((folder / (labelled.name + ".har")).string());
  if (!text) return std::unexpected(text.error());
  auto expanded = catalogue::expand(*text, catalogue, {});
  if (!expanded) return std::unexpected(expanded.error());
  auto bundle = http::read_har(*expanded);
  if (!bundle) return std::unexpected(bundle.error());
  labelled.bundle = std::move(*bundle);
  return labelled;
}

catalogue::Catalogue without(const catalogue::Catalogue& catalogue, std::string_view slug,
                             std::vector<catalogue::Provider>& kept) {
  std::ranges::copy_if(catalogue.providers, std::back_inserter(kept),
                       [&](const catalogue::Provider& p) { return p.slug != slug; });
  catalogue::Catalogue out = catalogue;
  out.providers = kept;
  return out;
}

}  // namespace

Result<std::vector<Labelled>> read_cases(const std::filesystem::path& folder,
                                         const catalogue::Catalogue& catalogue) {
  const auto text = base::read_regular_file((folder / "truth.jsonl").string());
  if (!text) return std::unexpected(text.error());
  std::vector<Labelled> cases;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const json::value row = json::parse(line);
    auto labelled = read_case(folder, row.as_object(), catalogue);
    if (!labelled) return std::unexpected(labelled.error());
    cases.push_back(std::move(*labelled));
  }
  return cases;
}

Result<std::vector<Labelled>> read_examples(const catalogue::Files& files) {
  std::vector<Labelled> examples;
  for (const catalogue::Example& example : files.examples()) {
    if (example.expect.empty()) continue;
    auto exchange = catalogue::read_example(example, files.catalogue());
    if (!exchange) return std::unexpected(exchange.error());
    Labelled labelled;
    labelled.name = fmt::format("{}: {}", example.owner, example.name);
    labelled.owner = example.owner;
    labelled.bundle.exchanges.push_back(std::move(*exchange));
    labelled.truth = example.expect.front();
    labelled.also.assign(example.expect.begin() + 1, example.expect.end());
    examples.push_back(std::move(labelled));
  }
  return examples;
}

Verdict judge(const Labelled& labelled, const catalogue::Catalogue& catalogue) {
  const inspect::Judgement judgement = inspect::judge(labelled.bundle, catalogue);
  Verdict verdict{.labelled = &labelled, .determined = judgement.determined};
  const auto counts = [&](std::string_view slug) {
    return slug == labelled.truth || std::ranges::find(labelled.also, slug) != labelled.also.end();
  };
  for (const auto& [slug, probability] : judgement.ranked) {
    if (verdict.ranked.empty()) verdict.right = counts(slug);
    if (verdict.ranked.size() < 3) verdict.in_top_three |= counts(slug);
    verdict.ranked.emplace_back(slug, probability);
  }
  return verdict;
}

Verdict judge_as_unknown(const Labelled& labelled, const catalogue::Catalogue& catalogue) {
  std::vector<catalogue::Provider> kept;
  return judge(labelled, without(catalogue, labelled.owner, kept));
}

Score score(const std::vector<Verdict>& verdicts) {
  Score out;
  out.reliability.resize(10);
  for (const Verdict& verdict : verdicts) {
    const double probability = verdict.ranked.front().second;
    ++out.count;
    out.right += verdict.right;
    out.top_three += verdict.in_top_three;
    out.abstained += !verdict.determined;
    out.confidently_wrong += !verdict.right && probability >= 0.8;
    out.brier += (probability - verdict.right) * (probability - verdict.right);
    Score::Bucket& bucket =
        out.reliability[std::min<std::size_t>(static_cast<std::size_t>(probability * 10), 9)];
    ++bucket.count;
    bucket.right += verdict.ranked.front().first == verdict.labelled->truth;
    bucket.probability += probability;
  }
  if (out.count) out.brier /= static_cast<double>(out.count);
  for (Score::Bucket& bucket : out.reliability) {
    if (bucket.count) bucket.probability /= static_cast<double>(bucket.count);
  }
  return out;
}

std::string as_text(const Score& score, bool reliability) {
  const auto share = [&](std::size_t n) {
    return score.count ? 100.0 * static_cast<double>(n) / static_cast<double>(score.count) : 0.0;
  };
  std::string out = fmt::format(
      "  top-1 {:.1f} % ({}/{})   top-3 {:.1f} %   wrong with 80 % or more {:.1f} % ({})   "
      "abstained {:.1f} %   Brier {:.3f}\n",
      share(score.right), score.right, score.count, share(score.top_three),
      share(score.confidently_wrong), score.confidently_wrong, share(score.abstained), score.brier);
  if (!reliability) return out;
  out += "  said        is the truth  cases\n";
  for (const Score::Bucket& bucket : score.reliability) {
    if (!bucket.count) continue;
    out +=
        fmt::format("  {:5.1f} %  {:6.1f} %  {:6}\n", 100 * bucket.probability,
                    100.0 * static_cast<double>(bucket.right) / static_cast<double>(bucket.count),
                    bucket.count);
  }
  return out;
}

}  // namespace locksmith::evaluate
