#include "record/tap.hpp"

#include <chrono>
#include <utility>

namespace locksmith::record {
namespace {

base::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

RecordingTap::RecordingTap(const Target& target, std::string remote_address, Ledger& ledger)
    : host_(target.host),
      ledger_(ledger),
      observer_(
          target.origin(), std::move(remote_address),
          [&ledger](http::Exchange exchange) { ledger.add(std::move(exchange)); }, now) {}

// The record is made before the bytes go on: when the program ends on what it got, it is complete.
void RecordingTap::from_client(std::string_view bytes, std::string& to_server) {
  saw_client_ = true;
  observer_.from_client(bytes);
  if (!saw_request_ && observer_.requests_seen() > 0) {
    saw_request_ = true;
    ledger_.heard(host_);
  }
  to_server.append(bytes);
}

void RecordingTap::from_server(std::string_view bytes, std::string& to_client) {
  observer_.from_server(bytes);
  to_client.append(bytes);
}

}  // namespace locksmith::record
