#include "store/writer.hpp"

#include <utility>

namespace locksmith::store {

Result<void> Writer::run(Job job) {
  Waiting own{std::move(job), {}, false};
  std::unique_lock lock(mutex_);
  queue_.push_back(&own);
  changed_.wait(lock, [&] { return own.done || !leading_; });
  if (own.done) return own.result;
  // Nobody leads and this one is not done, so it is in the queue: it leads.
  leading_ = true;
  std::vector<Waiting*> group = std::exchange(queue_, {});
  lock.unlock();
  const auto committed = commit(group);
  lock.lock();
  for (Waiting* waiting : group) {
    if (!committed) waiting->result = committed;
    waiting->done = true;
  }
  leading_ = false;
  changed_.notify_all();
  return own.result;
}

Result<void> Writer::commit(std::vector<Waiting*>& group) {
  // IMMEDIATE: a lock that somebody else holds is found now, not half way through.
  if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Result<void> failed;
  for (Waiting* waiting : group) {
    waiting->result = perform(*waiting);
    if (database_->in_transaction()) continue;
    // SQLite has rolled back everything (a full disk, an I/O error): what came before is lost too.
    failed = waiting->result ? fail(ErrorCode::unreadable, "the transaction ended unexpectedly")
                             : waiting->result;
    break;
  }
  if (failed) failed = database_->execute("COMMIT");
  if (!failed && database_->in_transaction()) (void)database_->execute("ROLLBACK");
  return failed;
}

Result<void> Writer::perform(Waiting& waiting) {
  if (auto marked = database_->execute("SAVEPOINT job"); !marked) return marked;
  Result<void> done = waiting.job(*database_);
  if (!database_->in_transaction()) return done;
  // What cannot be taken back alone is taken back with everything else.
  if (!done && !database_->execute("ROLLBACK TO job")) {
    (void)database_->execute("ROLLBACK");
    return done;
  }
  if (auto released = database_->execute("RELEASE job"); !released && done) return released;
  return done;
}

}  // namespace locksmith::store
