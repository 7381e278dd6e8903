// Unpacks by libarchive, without a temporary file: each member is searched while it is read, and a
// member that is an archive itself is read through a second reader.
#include "leaks/archive.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "leaks/archive_library.hpp"

namespace locksmith::leaks {
namespace {

using namespace std::string_view_literals;

// Where packed bytes come from.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::string_view next() = 0;  // empty: the end
  // Archives with their list of members at the end (zip, 7z) are read well only where one can seek.
  virtual std::optional<std::int64_t> seek(std::int64_t, int) { return {}; }
  virtual bool can_seek() const { return false; }
};

class FileSource : public Source {
 public:
  explicit FileSource(int file) : file_(file) { ::lseek(file_, 0, SEEK_SET); }
  std::string_view next() override {
    const ssize_t n = ::read(file_, buffer_.get(), size);
    return {buffer_.get(), n > 0 ? static_cast<std::size_t>(n) : 0};
  }
  std::optional<std::int64_t> seek(std::int64_t offset, int from) override {
    const off_t at = ::lseek(file_, offset, from);
    return at < 0 ? std::nullopt : std::optional<std::int64_t>(at);
  }
  bool can_seek() const override { return true; }

 private:
  static constexpr std::size_t size = 128 << 10;
  int file_;
  std::unique_ptr<char[]> buffer_{new char[size]};
};

class MemorySource : public Source {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  std::string_view next() override { return bytes_.substr(std::exchange(at_, bytes_.size())); }
  std::optional<std::int64_t> seek(std::int64_t offset, int from) override {
    const auto size = static_cast<std::int64_t>(bytes_.size());
    if (from == SEEK_CUR) offset += static_cast<std::int64_t>(at_);
    if (from == SEEK_END) offset += size;
    if (offset < 0 || offset > size) return {};
    at_ = static_cast<std::size_t>(offset);
    return offset;
  }
  bool can_seek() const override { return true; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

struct Callbacks {
  static la_ssize_t read(archive*, void* source, const void** buffer) {
    const std::string_view bytes = static_cast<Source*>(source)->next();
    *buffer = bytes.data();
    return static_cast<la_ssize_t>(bytes.size());
  }
  static la_int64_t seek(archive*, void* source, la_int64_t offset, int from) {
    return static_cast<Source*>(source)->seek(offset, from).value_or(ARCHIVE_FATAL);
  }
};

// What all readers of one file share: the budget is the outermost file's.
struct Job {
  const ArchiveLibrary& library;
  const Detector& detector;
  const ArchiveLimits& limits;
  const Origin& origin;
  const std::stop_token& stop;
  Tally& tally;
  archive* outermost = nullptr;
  std::uint64_t unpacked = 0, members = 0;
  bool exhausted = false;  // a limit was hit, and reported

  bool over() const { return exhausted || stop.stop_requested(); }
  void skip(Reason reason, std::string_view inside, std::string detail) {
    std::string path = origin.path;
    if (!inside.empty()) path.append("!").append(inside);
    tally.skipped.add(reason, std::move(path), std::move(detail));
  }
  void exhaust(std::string_view inside, std::string detail) {
    if (!std::exchange(exhausted, true)) skip(Reason::limit, inside, std::move(detail));
  }
  void count(std::size_t bytes, std::string_view inside) {
    unpacked += bytes;
    if (unpacked > limits.unpacked) {
      return exhaust(inside, fmt::format("unpacks to more than {} MB", limits.unpacked >> 20));
    }
    if (unpacked <= limits.ratio_from) return;
    const auto packed =
        static_cast<std::uint64_t>(std::max<la_int64_t>(library.filter_bytes(outermost, -1), 1));
    if (unpacked / packed > limits.ratio) {
      exhaust(inside, fmt::format("unpacks to more than {} times its size", limits.ratio));
    }
  }
};

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

// The content of the member that a reader stands at.
class MemberSource : public Source {
 public:
  MemberSource(Job& job, archive* reader, std::string_view inside)
      : job_(job), reader_(reader), inside_(inside) {}

  std::string_view next() override {
    if (!head_.empty()) {
      given_ = std::exchange(head_, {});
      return given_;
    }
    return block();
  }
  // As much of the start as an archive is recognised by.
  std::string_view head() {
    while (head_.size() < 512) {
      const std::string_view more = block();
      if (more.empty()) break;
      head_.append(more);
    }
    return std::string_view(head_).substr(0, 512);
  }
  const std::string& error() const { return error_; }

 private:
  // Holes of sparse files are passed over.
  std::string_view block() {
    while (!over_ && !job_.over()) {
      const void* bytes = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int result = job_.library.data_block(reader_, &bytes, &size, &offset);
      if (result < ARCHIVE_WARN && result != ARCHIVE_RETRY) {
        const char* why = job_.library.error_string(reader_);
        error_ = why ? why : "cannot be unpacked";
      }
      over_ = result == ARCHIVE_EOF || !error_.empty();
      if (over_ || size == 0) {
        if (result == ARCHIVE_RETRY && ++retries_ > 8) over_ = true;
        continue;
      }
      job_.count(size, inside_);
      return {static_cast<const char*>(bytes), size};
    }
    return {};
  }

  Job& job_;
  archive* reader_;
  std::string_view inside_;
  std::string head_, given_, error_;
  bool over_ = false;
  int retries_ = 0;
};

class Unpacker {
 public:
  explicit Unpacker(Job& job) : job_(job) {}

  // `inside`: the way to this archive. False: its first member could not be reached.
  bool unpack(Source& source, const std::string& inside, int depth) {
    const Reader reader = open(source);
    if (depth == 0) job_.outermost = reader.get();
    if (!reader) return false;
    std::uint64_t seen = 0;
    for (archive_entry* entry = nullptr; !job_.over();) {
      const int result = job_.library.next_header(reader.get(), &entry);
      if (result == ARCHIVE_EOF) return true;
      if (result < ARCHIVE_WARN) {
        if (seen > 0) damaged(reader.get(), inside);
        return seen > 0;
      }
      ++seen;
      if (++job_.members > job_.limits.members) {
        job_.exhaust(inside, fmt::format("more than {} members", job_.limits.members));
      }
      member(reader.get(), entry, inside, depth);
    }
    return true;
  }

 private:
  Reader open(Source& source) {
    const ArchiveLibrary& a = job_.library;
    Reader reader(a.read_new(), a.read_free);
    if (!reader) return reader;
    // One by one: support_filter_all() would start programs for what it cannot unpack itself.
    for (const auto add : {a.filter_gzip, a.filter_bzip2, a.filter_xz, a.filter_zstd, a.filter_lz4,
                           a.format_tar, a.format_zip, a.format_ar, a.format_empty, a.format_raw}) {
      add(reader.get());
    }
    if (source.can_seek()) {
      a.format_7zip(reader.get());
      a.set_seek_callback(reader.get(), Callbacks::seek);
    }
    a.set_callback_data(reader.get(), &source);
    a.set_read_callback(reader.get(), Callbacks::read);
    if (a.open(reader.get()) < ARCHIVE_WARN) reader.reset();
    return reader;
  }

  void damaged(archive* reader, const std::string& inside) {
    const char* why = job_.library.error_string(reader);
    job_.skip(Reason::damaged, inside, why ? why : "");
  }

  // The one member of a file that is only compressed has no name of its own.
  std::string name_of(archive* reader, archive_entry* entry) const {
    const ArchiveLibrary& a = job_.library;
    if ((a.format(reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_RAW) return {};
    const char* name = a.pathname(entry);
    if (!name) name = a.pathname_utf8(entry);
    return name ? name : "?";
  }

  void member(archive* reader, archive_entry* entry, const std::string& inside, int depth) {
    if (job_.library.filetype(entry) != AE_IFREG && job_.library.filetype(entry) != 0) return;
    std::string place = inside;
    if (const std::string name = name_of(reader, entry); !name.empty()) {
      if (!place.empty()) place += '!';
      place += name;
    }
    if (job_.library.is_encrypted(entry)) return job_.skip(Reason::encrypted, place, "");
    MemberSource source(job_, reader, place);
    if (is_archive(source.head())) {
      if (depth + 1 >= job_.limits.depth) {
        return job_.skip(Reason::limit, place,
                         fmt::format("more than {} archives within each other", job_.limits.depth));
      }
      if (!unpack(source, place, depth + 1)) {
        job_.skip(Reason::damaged, place, "begins like an archive, but cannot be unpacked");
      }
    } else {
      search(source, place);
    }
    if (!source.error().empty()) job_.skip(Reason::damaged, place, source.error());
  }

  void search(MemberSource& source, const std::string& place) {
    job_.tally.files += place != job_.origin.inside;  // what is only compressed counts once
    Stream stream(job_.detector, job_.tally, {job_.origin.where, job_.origin.path, place});
    for (std::string_view piece = source.next(); !piece.empty(); piece = source.next()) {
      job_.tally.bytes += piece.size();
      stream.add(piece);
    }
    stream.end();
  }

  Job& job_;
};

bool search(Source& source, const Detector& detector, const ArchiveLimits& limits,
            const Origin& origin, const std::stop_token& stop, Tally& tally) {
  const auto library = archive_library();
  if (!library) {
    tally.skipped.add(Reason::unsupported, origin.path, library.error().message);
    return false;
  }
  Job job{**library, detector, limits, origin, stop, tally};
  return Unpacker(job).unpack(source, origin.inside, 0);
}

}  // namespace

bool is_archive(std::string_view head) {
  // gzip, xz, Zstandard, LZ4, 7-Zip, zip, Debian package.
  static constexpr std::array magics{"\x1f\x8b\x08"sv,
                                     "\xfd"
                                     "7zXZ\0"sv,
                                     "\x28\xb5\x2f\xfd"sv,
                                     "\x04\x22\x4d\x18"sv,
                                     "7z\xbc\xaf\x27\x1c"sv,
                                     "PK\3\4"sv,
                                     "!<arch>\ndebian-binary"sv};
  if (head.size() < 10) return false;
  if (std::ranges::any_of(magics, [&](std::string_view m) { return head.starts_with(m); }))
    return true;
  // bzip2: a digit, then the start of a block.
  if (head.starts_with("BZh") && head.substr(4).starts_with("1AY&SY")) return true;
  return head.size() >= 263 && head.substr(257).starts_with("ustar");
}

bool search_archive(int file, const Detector& detector, const ArchiveLimits& limits,
                    const Origin& origin, std::stop_token stop, Tally& tally) {
  FileSource source(file);
  return search(source, detector, limits, origin, stop, tally);
}

bool search_archive(std::string_view bytes, const Detector& detector, const ArchiveLimits& limits,
                    const Origin& origin, std::stop_token stop, Tally& tally) {
  MemorySource source(bytes);
  return search(source, detector, limits, origin, stop, tally);
}

}  // namespace locksmith::leaks
