// A value that must not be shown: it cannot be printed or formatted by accident.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace locksmith::base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  // The value itself; each call is a place to look at when a secret got out.
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  std::size_t size() const { return value_.size(); }
  std::string fingerprint() const { return base::fingerprint(value_); }

  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  std::string value_;
};

}  // namespace locksmith::base
