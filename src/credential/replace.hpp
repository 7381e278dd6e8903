// Finds secrets in all the forms they are written in, and writes their surrogates in the same form
// and length. Internal to redaction.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace locksmith::credential {

class Replacer {
 public:
  // Both of the same length. What has been added stays as it was.
  void add(std::string_view secret, std::string_view surrogate);
  bool has(std::string_view secret) const { return surrogates_.contains(secret); }

  // Writes the surrogate over the secret that is the value at `offset`, however short; defects
  // around it are left alone, and so is a value that was not added.
  void replace_value(std::string& text, std::size_t offset, std::size_t size) const;
  // Replaces every secret of at least 6 bytes: as it is, escaped, in base64 of any alignment and
  // either alphabet, and the visible ends of a masked one (sk-a…wxyz).
  void replace_everywhere(std::string& text) const;

 private:
  struct Needle {
    std::string text;  // what to look for
    std::string secret, surrogate;
    std::size_t alignment = 0;  // base64: bytes of the first group of 3 that are not the secret's
  };
  // Needles by their first four bytes, the longer first, so that a key is not taken for a shorter
  // one that it starts with. A bit per hash answers "none" for nearly every place of a text.
  class Index {
   public:
    void add(Needle needle);
    const std::vector<Needle>* at(std::string_view text, std::size_t offset) const;

   private:
    std::bitset<65536> bits_;
    std::unordered_map<std::uint32_t, std::vector<Needle>> by_start_;
  };

  static bool replace_base64_at(std::string& text, std::size_t offset, const Needle& needle);
  void replace_base64(std::string& text) const;
  void replace_written(std::string& text) const;
  void replace_masked(std::string& text) const;

  std::map<std::string, std::string, std::less<>> surrogates_;
  Index written_, base64_;
};

}  // namespace locksmith::credential
