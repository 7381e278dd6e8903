// A tap that passes everything on as it is, and puts what it understands into the ledger.
#pragma once

#include <string>
#include <string_view>

#include "record/ledger.hpp"
#include "record/observer.hpp"
#include "record/pump.hpp"
#include "record/upstream.hpp"

namespace locksmith::record {

class RecordingTap : public Tap {
 public:
  RecordingTap(const Target& target, std::string remote_address, Ledger& ledger);
  ~RecordingTap() override { observer_.closed(); }

  void from_client(std::string_view bytes, std::string& to_server) override;
  void from_server(std::string_view bytes, std::string& to_client) override;

  bool saw_client() const { return saw_client_; }    // any byte
  bool saw_request() const { return saw_request_; }  // a request's head

 protected:
  Observer& observer() { return observer_; }
  const Observer& observer() const { return observer_; }

 private:
  std::string host_;
  Ledger& ledger_;
  Observer observer_;
  bool saw_client_ = false, saw_request_ = false;
};

}  // namespace locksmith::record
