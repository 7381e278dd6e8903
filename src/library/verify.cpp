// liblocksmith (include/locksmith/verify.hpp): the authority's decision behind a header of its own.
#include "locksmith/verify.hpp"

#include <fmt/format.h>

#include <mutex>

#include "authority/decide.hpp"
#include "authority/keys_file.hpp"
#include "authority/problem.hpp"
#include "authority/record.hpp"
#include "base/file.hpp"

namespace locksmith {
namespace {

constexpr std::size_t max_policy = 10 << 20, max_keys = std::size_t{8} << 30;

[[noreturn]] void give_up(const std::string& file, const Error& error) {
  throw OpenError(file.empty() ? error.message : fmt::format("{}: {}", file, error.message));
}

std::string read_file(const std::string& file, std::size_t limit) {
  auto text = base::read_regular_file(file, limit);
  if (!text) give_up("", text.error());
  return std::move(*text);
}

authority::Snapshot load(const std::string& policy_file, const std::string& keys_file) {
  auto policy = authority::read_policy(read_file(policy_file, max_policy), policy_file);
  if (!policy) give_up("", policy.error());
  const std::string text = read_file(keys_file, max_keys);
  authority::SnapshotBuilder builder(std::move(*policy), text.size() / 256);
  const authority::KeysFile take{[&](authority::Account account) { builder.add(account); },
                                 [&](authority::Key key) { builder.add(key); }};
  if (auto read = authority::read_keys_file(text, take); !read) give_up(keys_file, read.error());
  auto snapshot = builder.finish();
  if (!snapshot) give_up(keys_file, snapshot.error());
  return std::move(*snapshot);
}

}  // namespace

namespace {

struct State {
  authority::Snapshot snapshot;
  std::shared_ptr<authority::Limits> limits;
};

// What keys and accounts have used of their limits. Cells are numbered by the place in the file,
// which may be another one now, so that they are looked up by id.
void carry_over(const State& from, State& to) {
  to.limits->share_guesses(*from.limits);
  to.snapshot.each_account([&](const authority::AccountRecord& account) {
    if (const auto* old = from.snapshot.account(account.account->id))
      to.limits->carry_over(*from.limits, {old->index, true}, {account.index, true});
  });
  to.snapshot.each_key([&](const authority::KeyRecord& key) {
    if (!key.limited) return;
    if (const auto* old = from.snapshot.find_id(to.snapshot.id_of(key)))
      to.limits->carry_over(*from.limits, {old->cell, false}, {key.cell, false});
  });
}

}  // namespace

struct Verifier::Impl {
  std::string policy_file, keys_file;
  mutable std::mutex mutex;
  State state;  // guarded by mutex; a copy is two references more

  State current() const {
    const std::lock_guard lock(mutex);
    return state;
  }
};

Verifier::Verifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;

Verifier Verifier::open(const std::string& policy_file, const std::string& keys_file) {
  auto impl = std::make_unique<Impl>();
  impl->policy_file = policy_file;
  impl->keys_file = keys_file;
  impl->state = {load(policy_file, keys_file), std::make_shared<authority::Limits>()};
  return Verifier(std::move(impl));
}

void Verifier::reload() {
  State fresh{load(impl_->policy_file, impl_->keys_file), std::make_shared<authority::Limits>()};
  carry_over(impl_->current(), fresh);
  const std::lock_guard lock(impl_->mutex);
  impl_->state = std::move(fresh);
}

std::size_t Verifier::size() const { return impl_->current().snapshot.size(); }

Verdict Verifier::verify(const Request& request) const {
  return verify(request, std::chrono::system_clock::now());
}

Verdict Verifier::verify(const Request& request, std::chrono::system_clock::time_point at) const {
  const auto now = std::chrono::floor<std::chrono::microseconds>(at);
  std::vector<authority::Field> fields;
  fields.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) fields.push_back({name, value});
  authority::Request asked{
      .method = request.method,
      .host = request.host,
      .target = request.target,
      .headers = fields,
      .client = authority::parse_address(request.client).value_or(authority::Address{}),
      .secure = request.secure,
      .scopes = request.scopes};
  if (!request.key.empty()) asked.key = request.key;

  const auto [snapshot, limits] = impl_->current();
  const authority::Decision decision = authority::decide(snapshot, asked, now, *limits);
  Verdict out;
  out.allowed = decision.allowed();
  if (decision.proven) {
    out.key = snapshot.id_of(*decision.key);
    out.account = snapshot.account_of(*decision.key).account->id;
  }
  if (out.allowed) {
    out.status = 200;
    out.headers = authority::allowed_headers(snapshot, decision, now);
    return out;
  }
  authority::Refusal refusal = authority::refusal(snapshot, asked, decision, request.id, now);
  out.status = refusal.status;
  out.cause = authority::slug(decision.cause);
  out.headers = std::move(refusal.headers);
  out.body = std::move(refusal.body);
  return out;
}

}  // namespace locksmith
