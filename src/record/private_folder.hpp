// The folder that holds what the recorded program must be able to read: certificates, never a key.
// It goes when the object goes, and when the process is killed in any way.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace locksmith::record {

class PrivateFolder {
 public:
  // Below `parent`, for this user alone (0700). Starts a small process that outlives this one by
  // the time that it takes to remove the folder, so that not even SIGKILL leaves it behind. Call it
  // before any thread is started.
  static Result<std::unique_ptr<PrivateFolder>> make(const std::string& parent);
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }
  // Readable by this user alone. Returns the path.
  Result<std::string> write(const std::string& name, const std::string& content);

 private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}
  bool guard();

  std::string path_;
  int lock_ = -1;   // the folder itself, locked for as long as it is in use
  int alive_ = -1;  // the guard sees its other end close when this process ends
  int guard_ = 0;
};

// XDG_RUNTIME_DIR, which is kept in memory, else TMPDIR, else /tmp.
std::string temporary_parent(const std::map<std::string, std::string>& environment);

// Removes what runs of this user left behind in `parent` when even their guard was killed (a power
// cut). A folder that is in use, or is not ours, stays. Returns how many went.
int sweep(const std::string& parent);

}  // namespace locksmith::record
