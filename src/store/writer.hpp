// Group commit: whoever comes while the disk is being waited for shares the next transaction, and
// with it one sync. Who comes alone waits for nobody.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/database.hpp"

namespace locksmith::store {

class Writer {
 public:
  using Job = std::function<Result<void>(Database&)>;

  explicit Writer(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // Durable when it returns, all of the job or nothing of it, whatever becomes of the jobs that
  // share its transaction.
  Result<void> run(Job job);

 private:
  struct Waiting {
    Job job;
    Result<void> result;
    bool done = false;
  };

  Result<void> commit(std::vector<Waiting*>& group);
  Result<void> perform(Waiting& waiting);

  std::unique_ptr<Database> database_;  // used by the leader alone
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting*> queue_;
  bool leading_ = false;
};

}  // namespace locksmith::store
