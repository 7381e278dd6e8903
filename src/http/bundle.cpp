#include "http/bundle.hpp"

namespace locksmith::http {
namespace {

// How strongly a status marks an exchange as the failure; later exchanges win among equals.
int refusal_rank(int status) {
  if (is_refusal(status)) return 4;
  if (status == 400 || status == 404 || status == 405) return 3;
  if (status >= 400) return 2;
  if (status >= 300) return 1;
  return 0;
}

}  // namespace

bool is_refusal(int status) {
  return status == 401 || status == 402 || status == 403 || status == 407 || status == 429 ||
         status == 511;
}

std::size_t failing_exchange(const std::vector<Exchange>& exchanges) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    if (refusal_rank(exchanges[i].response.status) >= refusal_rank(exchanges[best].response.status))
      best = i;
  }
  return best;
}

}  // namespace locksmith::http
