// The inside: one whole diagnosis, what the catalogue costs at the start, reading a HAR, redacting.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "credential/redact.hpp"
#include "diagnosis/diagnose.hpp"
#include "http/har.hpp"
#include "inspect/inspect.hpp"

namespace locksmith {
namespace {

struct Failure {
  const char* name;
  const char* url;
  http::Headers headers;
  int status;
  const char* body;
};

// Made when the program runs: no key stands in the source.
const std::string key = "ghp_" + std::string(36, 'x');

const std::vector<Failure>& failures() {
  static const std::vector<Failure> all{
      {"known provider, line feed",
       "https://api.github.com/user",
       {{"Authorization", "Bearer " + key + "\n"}},
       401,
       R"({"message":"Bad credentials"})"},
      {"known provider, Basic",
       "https://api.stripe.com/v1/charges",
       {{"Authorization", "Basic dGVzdDo="}},
       401,
       R"({"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}})"},
      {"unknown provider",
       "https://api.example.com/v1/things",
       {{"X-Api-Key", key}},
       403,
       R"({"error":{"code":"insufficient_scope","message":"The key lacks things:read."}})"},
      {"a proxy's page",
       "https://internal.example.com/v1/things",
       {{"X-Api-Key", key}},
       401,
       "<html><head><title>401 Authorization Required</title></head><body><center><h1>401 "
       "Authorization Required</h1></center><hr><center>nginx</center></body></html>"},
      {"nothing but a status", "https://api.example.com/v1/things", {}, 401, ""}};
  return all;
}

http::Bundle bundle_of(const Failure& failure) {
  http::Exchange exchange;
  exchange.request.url = failure.url;
  exchange.request.headers = failure.headers;
  exchange.response.status = failure.status;
  exchange.response.headers = {
      {"Content-Type", failure.body[0] == '<' ? "text/html" : "application/json"},
      {"Date", "Sat, 21 Nov 2026 10:00:00 GMT"}};
  exchange.response.body = failure.body;
  return {.exchanges = {exchange}};
}

// A whole diagnosis: case, inspectors, ranking.
void diagnosis(benchmark::State& state) {
  const Failure& failure = failures().at(static_cast<std::size_t>(state.range(0)));
  const http::Bundle bundle = bundle_of(failure);
  state.SetLabel(failure.name);
  for (auto _ : state) {
    const inspect::Case c(bundle, catalogue::embedded());
    const auto findings = inspect::inspect(c);
    benchmark::DoNotOptimize(diagnosis::diagnose(findings, c.catalogue, c.response.status));
  }
}
BENCHMARK(diagnosis)->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void embedded_catalogue(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(catalogue::embedded().providers.size());
}
BENCHMARK(embedded_catalogue);

// An exchange of about 4 kB, most of it headers, as browsers export them.
std::string har() {
  http::Bundle bundle = bundle_of(failures().front());
  for (int i = 0; i < 25; ++i) {
    bundle.exchanges[0].response.headers.add("x-header-" + std::to_string(i), std::string(80, 'p'));
  }
  return http::write_har(bundle);
}

void read_har(benchmark::State& state) {
  const std::string text = har();
  for (auto _ : state) benchmark::DoNotOptimize(http::read_har(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_har)->Unit(benchmark::kMicrosecond);

void redact_bundle(benchmark::State& state) {
  const http::Bundle bundle = bundle_of(failures().front());
  for (auto _ : state) {
    credential::Redactor redactor(1);
    redactor.learn(bundle);
    benchmark::DoNotOptimize(redactor.redact(bundle));
  }
}
BENCHMARK(redact_bundle)->Unit(benchmark::kMicrosecond);

void redact_log(benchmark::State& state) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "2026-11-21T10:00:00Z GET /v1/things 200 12 ms id=" + std::to_string(i) + "\n";
  }
  text += "> Authorization: Bearer " + key + "\n";
  for (auto _ : state) benchmark::DoNotOptimize(credential::redact_text(text, 1));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(redact_log)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace locksmith
