// A file as bytes, without reading it first.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace locksmith::leaks {

class MappedFile {
 public:
  MappedFile() = default;
  static Result<MappedFile> open(const std::string& path);  // regular files only
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {static_cast<const char*>(at_), size_}; }
  // Gives the pages back that were looked at; they are read again when they are needed again.
  void release() const;

 private:
  void* at_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace locksmith::leaks
