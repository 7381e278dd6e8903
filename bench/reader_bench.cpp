// What it costs to read one request as a proxy sends it. Instructions, which do not depend on the
// machine: valgrind --tool=callgrind reader_bench --benchmark_min_time=0.01
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "server/request_reader.hpp"

namespace locksmith::server {
namespace {

const std::string asked =
    "GET /v1/auth HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nX-Original-URI: /orders/12345?page=2\r\n"
    "X-Original-Method: GET\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
    "User-Agent: curl/7.88.1 (x86_64-pc-linux-gnu)\r\nAccept: application/json, text/plain, */*\r\n"
    "Authorization: Bearer " +
    std::string(49, 'k') + "\r\n\r\n";

void read(benchmark::State& state, const std::string& request) {
  RequestReader reader({});
  for (auto _ : state) {
    for (std::string_view rest = request; !rest.empty();) {
      const auto room = reader.room();
      const auto size = std::min(room.size(), rest.size());
      std::memcpy(room.data(), rest.data(), size);
      reader.filled(size);
      rest.remove_prefix(size);
      const auto status = reader.next();
      if ((status == RequestReader::Status::request) != rest.empty())
        return state.SkipWithError("not one request");
    }
    benchmark::DoNotOptimize(reader.request());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * request.size()));
}

void read_head(benchmark::State& state) { read(state, asked); }
BENCHMARK(read_head);

void read_chunks(benchmark::State& state) {
  std::string request = "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 16; ++i) request += "400\r\n" + std::string(1024, 'x') + "\r\n";
  read(state, request + "0\r\n\r\n");
}
BENCHMARK(read_chunks);

}  // namespace
}  // namespace locksmith::server
