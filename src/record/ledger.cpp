#include "record/ledger.hpp"

#include <algorithm>
#include <utility>

namespace locksmith::record {
namespace {

// All bodies together; beyond it those of successes are cut, so that a long run stays small.
constexpr std::size_t most_body_bytes_in_all = 64 << 20;
constexpr std::size_t body_bytes_beyond = 1 << 10;

void cut(std::string& body, http::Exchange& exchange) {
  if (body.size() <= body_bytes_beyond) return;
  body.resize(body_bytes_beyond);
  body.shrink_to_fit();
  exchange.partial = true;
}

}  // namespace

void Ledger::add(http::Exchange exchange) {
  const std::lock_guard lock(mutex_);
  const bool success = exchange.response.status >= 200 && exchange.response.status < 400;
  if (success && body_bytes_ > most_body_bytes_in_all) {
    cut(exchange.request.body, exchange);
    cut(exchange.response.body, exchange);
  }
  body_bytes_ += exchange.request.body.size() + exchange.response.body.size();
  exchanges_.push_back(std::move(exchange));
}

void Ledger::note(NoteKind kind, const std::string& host, const std::string& detail) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find_if(
      notes_, [&](const Note& note) { return note.kind == kind && note.host == host; });
  if (known == notes_.end())
    notes_.push_back({kind, host, detail});
  else
    ++known->times;
}

void Ledger::note_passed(const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(notes_, host, &Note::host) == notes_.end())
    notes_.push_back({NoteKind::passed, host, {}});
}

void Ledger::leave_alone(const std::string& host) {
  const std::lock_guard lock(mutex_);
  left_alone_.insert(host);
}

bool Ledger::is_left_alone(const std::string& host) const {
  const std::lock_guard lock(mutex_);
  return left_alone_.contains(host);
}

void Ledger::heard(const std::string& host) {
  const std::lock_guard lock(mutex_);
  heard_.insert(host);
}

bool Ledger::was_heard(const std::string& host) const {
  const std::lock_guard lock(mutex_);
  return heard_.contains(host);
}

void Ledger::count(std::size_t& counter) {
  const std::lock_guard lock(mutex_);
  ++counter;
}

std::vector<http::Exchange> Ledger::take_exchanges() {
  const std::lock_guard lock(mutex_);
  return std::exchange(exchanges_, {});
}

std::vector<Note> Ledger::notes() const {
  const std::lock_guard lock(mutex_);
  return notes_;
}

std::size_t Ledger::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::size_t Ledger::strangers() const {
  const std::lock_guard lock(mutex_);
  return strangers_;
}

}  // namespace locksmith::record
