// Searches a repository's history for keys from standard input, one a line, and says how many
// objects hold one: what bench/leaks.sh measures. Not `locksmith leaks`, which does more.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "leaks/history.hpp"

int main(int argc, char** argv) {
  using namespace locksmith;
  std::vector<base::Secret> keys;
  for (std::string line; std::getline(std::cin, line);) keys.emplace_back(line);
  const auto start = std::chrono::steady_clock::now();
  const leaks::Searcher searcher(keys);
  leaks::HistoryOptions options;
  if (argc > 2) options.threads = static_cast<unsigned>(std::stoi(argv[2]));
  const auto finds = leaks::search_history(argc > 1 ? argv[1] : ".", searcher, options);
  if (!finds) return std::fprintf(stderr, "error: %s\n", finds.error().message.c_str()), 2;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%zu finds, %lu objects, %.1f ms, %ld kB\n", finds->finds.size(),
              static_cast<unsigned long>(finds->objects), took.count(), usage.ru_maxrss);
  for (const auto& f : finds->finds)
    if (argc > 3)
      std::printf("%d %s:%zu %s versions %zu first %s last %s reach %d refs %zu stored %s\n",
                  static_cast<int>(f.disguise), f.path.c_str(), f.line, f.object.c_str(),
                  f.versions, f.first ? f.first->id.c_str() : "-",
                  f.last ? f.last->id.c_str() : "-", f.reach, f.refs.size(), f.stored.c_str());
  for (const auto& s : finds->skipped)
    std::printf("skipped %s: %s (%zu)\n", s.what.c_str(), s.reason.c_str(), s.count);
}
