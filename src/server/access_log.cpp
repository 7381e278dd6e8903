#include "server/access_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "server/call.hpp"
#include "server/json_model.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t most_waiting = 4 << 20;
constexpr std::size_t longest_path = 1000;

}  // namespace

Result<std::shared_ptr<AccessLog>> AccessLog::open(std::string path) {
  std::shared_ptr<AccessLog> log(new AccessLog(std::move(path)));
  if (auto opened = log->reopen(); !opened) return std::unexpected(opened.error());
  return log;
}

AccessLog::~AccessLog() { flush(); }

Result<void> AccessLog::reopen() {
  const std::lock_guard lock(file_mutex_);
  base::Descriptor file(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file)
    return fail(ErrorCode::unreachable,
                fmt::format("cannot write the log {}: {}", path_, std::strerror(errno)));
  file_ = std::move(file);
  return {};
}

void AccessLog::add(const Call& call) {
  const auto& policy = call.snapshot.policy();
  const auto& request = call.request;
  auto line = boost::json::serialize(boost::json::object{
      {"at", rfc3339_us(call.now.time_since_epoch().count())},
      {"id", call.id},
      {"method", without_keys(request.method.substr(0, 20), policy, {})},
      {"path", without_keys(request.path().substr(0, longest_path), policy, {})},
      {"status", call.response.status()},
      {"peer", request.unix_socket ? std::string("unix") : request.peer.text()}});
  line += '\n';
  const std::lock_guard lock(buffer_mutex_);
  if (buffer_.size() + line.size() > most_waiting) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
  } else {
    buffer_ += line;
  }
}

void AccessLog::flush() {
  const std::unique_lock file_lock(file_mutex_, std::try_to_lock);
  if (!file_lock) return;  // another thread writes
  std::string waiting;
  {
    const std::lock_guard lock(buffer_mutex_);
    waiting.swap(buffer_);
  }
  for (std::string_view rest = waiting; !rest.empty();) {
    const auto written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0) break;  // a full disk: there is nobody to tell
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace locksmith::server
