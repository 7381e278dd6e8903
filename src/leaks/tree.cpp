// Walks folders with several threads. One folder is one piece of work, a large one several; a large
// file is shared out, too.
#include "leaks/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>
#include <tuple>
#include <utility>

#include "leaks/file_search.hpp"
#include "leaks/work_queue.hpp"

namespace locksmith::leaks {
namespace {

constexpr std::size_t batch_size = 64;  // files of one folder that are one piece of work

struct Folder {
  Descriptor descriptor;
  std::string path;
  Where where = Where::file;
  dev_t device = 0;
};

struct Work {
  enum class What { start, folder, files, range } what = What::start;
  std::string path;
  Where where = Where::file;
  dev_t parent_device = 0;           // folder
  std::shared_ptr<Folder> folder;    // files
  std::vector<std::string> names;    // files
  std::shared_ptr<Descriptor> file;  // range
  FileSearch::Range range;           // range
};

std::string joined(std::string_view folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + name.size() + 1);
  if (folder != ".") path = folder;
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

// File systems whose files are made up as they are read, some of them without end. From
// linux/magic.h, which lacks none but is not installed everywhere.
bool is_pseudo(int folder) {
  static constexpr std::array<unsigned long, 13> kinds{
      0x9fa0,      // proc
      0x62656572,  // sysfs
      0x1cd1,      // devpts
      0x64626720,  // debugfs
      0x74726163,  // tracefs
      0x27e0eb,    // cgroup
      0x63677270,  // cgroup2
      0x73636673,  // securityfs
      0xcafe4a11,  // bpf
      0xf97cff8c,  // selinux
      0x62656570,  // configfs
      0x6165676c,  // pstore
      0x65735543,  // fusectl
  };
  struct statfs status {};
  if (::fstatfs(folder, &status) != 0) return false;
  return std::ranges::find(kinds, static_cast<unsigned long>(status.f_type)) != kinds.end();
}

class Walk {
 public:
  Walk(const Detector& detector, const TreeOptions& options)
      : detector_(detector), options_(options) {
    for (auto start = options.starts.rbegin(); start != options.starts.rend(); ++start) {
      queue_.add({.what = Work::What::start, .path = start->path, .where = start->where});
    }
  }

  Tally run();

 private:
  class Worker;

  const Detector& detector_;
  const TreeOptions& options_;
  WorkQueue<Work> queue_;
  std::atomic<std::uint64_t> files_ = 0, bytes_ = 0, finds_ = 0;
  std::atomic<unsigned> working_ = 0;
};

// What one thread does; it has a tally and a buffer of its own.
class Walk::Worker {
 public:
  explicit Worker(Walk& walk)
      : walk_(walk), search_(walk.detector_, walk.options_.archives, walk.options_.stop) {}

  void run() {
    const std::stop_token& stop = walk_.options_.stop;
    while (std::optional<Work> work = walk_.queue_.take(stop)) {
      switch (work->what) {
        case Work::What::start:
          tally.unreached += start(*work) ? 0 : 1;
          break;
        case Work::What::folder:
          open_folder(*work);
          break;
        case Work::What::files:
          search_files(*work->folder, work->names);
          break;
        case Work::What::range: {
          search_.search_range(work->file->number(), {work->where, work->path, {}}, work->range,
                               tally);
          break;
        }
      }
      publish();
      walk_.queue_.finished();
    }
  }

  Tally tally;

 private:
  struct Entries {
    std::vector<std::string> files, folders;
    bool head = false, objects = false, refs = false, dot_git = false;
  };

  // Something that the user named: its links are followed. False: it could not be read.
  bool start(const Work& work) {
    struct stat status {};
    if (::stat(work.path.c_str(), &status) != 0) return skip(errno, work.path), false;
    if (S_ISDIR(status.st_mode)) {
      Descriptor folder(::open(work.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (!folder.open()) return skip(errno, work.path), false;
      read_folder(std::make_shared<Folder>(
          Folder{std::move(folder), work.path, work.where, status.st_dev}));
      return true;
    }
    if (!S_ISREG(status.st_mode)) return skip_special(status.st_mode, work.path), false;
    const std::uint64_t before = tally.files;
    search_file(::open(work.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), work.path,
                work.where);
    return tally.files > before;
  }

  void open_folder(const Work& work) {
    Descriptor folder(::open(work.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.open()) return skip(errno, work.path);
    struct stat status {};
    if (::fstat(folder.number(), &status) != 0) return skip(errno, work.path);
    if (status.st_dev != work.parent_device && is_pseudo(folder.number())) {
      return tally.skipped.add(Reason::pseudo_file_system, work.path);
    }
    read_folder(
        std::make_shared<Folder>(Folder{std::move(folder), work.path, work.where, status.st_dev}));
  }

  void read_folder(const std::shared_ptr<Folder>& folder) {
    const int copy = ::fcntl(folder->descriptor.number(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : ::fdopendir(copy),
                                                     &::closedir);
    if (!stream) return skip(errno, folder->path);
    Entries entries;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
      sort_in(*folder, *entry, entries);
      errno = 0;
    }
    if (errno != 0) skip(errno, folder->path);
    const bool git = entries.head && entries.objects && entries.refs;
    if (git || entries.dot_git) tally.repositories.push_back(folder->path);
    for (std::string& name : entries.folders) {
      std::string path = joined(folder->path, name);
      if (git && name == "objects") {
        tally.skipped.add(Reason::git_objects, std::move(path));
        continue;
      }
      walk_.queue_.add({.what = Work::What::folder,
                        .path = std::move(path),
                        .where = folder->where,
                        .parent_device = folder->device});
    }
    share_out(folder, entries.files);
  }

  void sort_in(const Folder& folder, const dirent& entry, Entries& entries) {
    const std::string_view name = static_cast<const char*>(entry.d_name);
    if (name == "." || name == "..") return;
    unsigned char type = entry.d_type;
    if (type == DT_UNKNOWN) {
      struct stat status {};
      if (::fstatat(folder.descriptor.number(), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return skip(errno, joined(folder.path, name));
      }
      type = static_cast<unsigned char>(IFTODT(status.st_mode));
    }
    switch (type) {
      case DT_REG:
        entries.head = entries.head || name == "HEAD";
        entries.dot_git = entries.dot_git || name == ".git";
        entries.files.emplace_back(name);
        break;
      case DT_DIR:
        entries.objects = entries.objects || name == "objects";
        entries.refs = entries.refs || name == "refs";
        entries.folders.emplace_back(name);
        break;
      case DT_LNK:
        skip_link(folder, entry.d_name);
        break;
      default:
        skip_special(DTTOIF(type), joined(folder.path, name));
    }
  }

  // All but the first batch is for whoever is idle.
  void share_out(const std::shared_ptr<Folder>& folder, std::vector<std::string>& files) {
    for (std::size_t i = batch_size; i < files.size(); i += batch_size) {
      const auto from = files.begin() + static_cast<std::ptrdiff_t>(i);
      const auto to =
          files.begin() + static_cast<std::ptrdiff_t>(std::min(i + batch_size, files.size()));
      walk_.queue_.add({.what = Work::What::files,
                        .folder = folder,
                        .names = {std::make_move_iterator(from), std::make_move_iterator(to)}});
    }
    files.resize(std::min(files.size(), batch_size));
    search_files(*folder, files);
  }

  void search_files(const Folder& folder, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (walk_.options_.stop.stop_requested()) return;
      // O_NONBLOCK: should it have become a FIFO by now, nobody waits for a writer.
      search_file(::openat(folder.descriptor.number(), name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
                  joined(folder.path, name), folder.where);
    }
  }

  void search_file(int opened, std::string path, Where where) {
    if (opened < 0) return skip(errno, std::move(path));
    const auto search = [&](int file) { return search_.search(file, {where, path, {}}, tally); };
    Descriptor file(opened);
    const std::vector<FileSearch::Range> rest = search(file.number());
    if (rest.empty()) return;
    const auto shared = std::make_shared<Descriptor>(std::move(file));
    for (auto range = rest.rbegin(); range != rest.rend(); ++range) {
      walk_.queue_.add({.what = Work::What::range,
                        .path = path,
                        .where = where,
                        .file = shared,
                        .range = *range});
    }
  }

  void skip(int error, std::string path) {
    tally.skipped.add(reason_of(error), std::move(path), std::strerror(error));
  }
  void skip_special(mode_t mode, std::string path) {
    tally.skipped.add(S_ISSOCK(mode)   ? Reason::socket
                      : S_ISFIFO(mode) ? Reason::fifo
                                       : Reason::device,
                      std::move(path));
  }
  void skip_link(const Folder& folder, const char* name) {
    struct stat status {};
    const bool leads = ::fstatat(folder.descriptor.number(), name, &status, 0) == 0;
    tally.skipped.add(leads            ? Reason::link
                      : errno == ELOOP ? Reason::link_loop
                                       : Reason::dangling_link,
                      joined(folder.path, name));
  }

  // For the progress.
  void publish() {
    walk_.files_ += tally.files - std::exchange(files_, tally.files);
    walk_.bytes_ += tally.bytes - std::exchange(bytes_, tally.bytes);
    walk_.finds_ += tally.finds.size() - std::exchange(finds_, tally.finds.size());
  }

  Walk& walk_;
  FileSearch search_;
  std::uint64_t files_ = 0, bytes_ = 0, finds_ = 0;
};

Tally Walk::run() {
  const unsigned wanted =
      options_.threads > 0 ? options_.threads : std::thread::hardware_concurrency();
  const unsigned count = std::clamp(wanted, 1u, 16u);
  std::vector<std::unique_ptr<Worker>> workers;
  std::mutex mutex;
  std::condition_variable over;
  working_ = count;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < count; ++i) {
    workers.push_back(std::make_unique<Worker>(*this));
    threads.emplace_back([&, worker = workers.back().get()] {
      worker->run();
      const std::lock_guard lock(mutex);
      if (--working_ == 0) over.notify_all();
    });
  }
  {
    std::unique_lock lock(mutex);
    while (!over.wait_for(lock, std::chrono::milliseconds(200), [&] { return working_ == 0; })) {
      if (options_.progress) options_.progress({files_, bytes_, finds_, queue_.left()});
    }
  }
  threads.clear();
  Tally tally;
  for (const auto& worker : workers) tally.add(std::move(worker->tally));
  return tally;
}

}  // namespace

Tally search_tree(const Detector& detector, const TreeOptions& options) {
  Tally tally = Walk(detector, options).run();
  std::ranges::sort(tally.finds, {}, [](const Find& find) {
    return std::tie(find.path, find.inside, find.offset, find.key);
  });
  std::ranges::sort(tally.repositories);
  return tally;
}

}  // namespace locksmith::leaks
