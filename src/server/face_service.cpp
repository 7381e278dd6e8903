// What those who run the authority ask it: is it alive, is it ready, what does it count.
#include "server/faces.hpp"
#include "server/openapi.hpp"

namespace locksmith::server {
namespace {

void plain(Call& call, int status, std::string_view text) {
  call.response.start(status);
  call.response.header("Cache-Control", "no-store");
  call.response.finish("text/plain; charset=utf-8", text);
}

}  // namespace

void healthz(Call& call) { plain(call, 200, "ok\n"); }

// Decisions are made from memory whether or not the store works; `no` is about changes.
void readyz(Call& call) {
  const auto reason = call.service.not_ready();
  reason ? plain(call, 503, "no: " + *reason + "\n") : plain(call, 200, "ok\n");
}

void metrics(Call& call) {
  auto& service = call.service;
  const auto text = service.counters().text({
      {"locksmith_keys", "Keys in the snapshot.", static_cast<double>(call.snapshot.size())},
      {"locksmith_accounts", "Accounts in the snapshot.",
       static_cast<double>(call.snapshot.account_count())},
      {"locksmith_connections", "Open connections.", static_cast<double>(service.connections())},
      {"locksmith_policy_revision", "CRC-32 of the policy that holds.",
       static_cast<double>(call.snapshot.policy().revision)},
      {"locksmith_store_up", "1 when a change could be written.", service.not_ready() ? 0.0 : 1.0},
      {"locksmith_records_dropped_total", "Records and uses that did not fit into the queue.",
       static_cast<double>(service.recording().dropped()), "counter"},
      {"locksmith_record_failures_total", "Batches of records that the store did not take.",
       static_cast<double>(service.recording().failures()), "counter"},
  });
  call.response.start(200);
  call.response.header("Cache-Control", "no-store");
  call.response.finish("text/plain; version=0.0.4; charset=utf-8", text);
}

void openapi(Call& call) {
  call.response.start(200);
  call.response.header("Cache-Control", "public, max-age=3600");
  call.response.finish("application/json", openapi_text);
}

}  // namespace locksmith::server
