// A whole program with liblocksmith: reads requests, one line each ("GET /v1/orders/7 KEY"), and
// answers as an API would.
//   c++ -std=c++17 verify.cpp $(pkg-config --cflags --libs --static locksmith) -o verify
//   echo "GET /v1/orders/7 $KEY" | ./verify locksmith.toml keys.jsonl
#include "locksmith/verify.hpp"

#include <iostream>
#include <sstream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: verify POLICY.toml KEYS.jsonl\n";
    return 2;
  }
  try {
    const locksmith::Verifier verifier = locksmith::Verifier::open(argv[1], argv[2]);
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream words(line);
      std::string method, target, key;
      words >> method >> target >> key;
      const std::string credential = "Bearer " + key;
      locksmith::Request request;
      request.method = method;
      request.host = "api.example.com";
      request.target = target;
      if (!key.empty()) request.headers.emplace_back("Authorization", credential);
      const locksmith::Verdict verdict = verifier.verify(request);
      std::cout << verdict.status << ' ' << (verdict.allowed ? verdict.key : verdict.body) << '\n';
    }
  } catch (const locksmith::OpenError& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
