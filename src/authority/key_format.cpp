#include "authority/key_format.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "credential/characters.hpp"
#include "credential/jwt.hpp"
#include "credential/shape.hpp"

namespace locksmith::authority {
namespace {

using credential::Defect;
constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr auto checksum = credential::Checksum::crc32_base62;

std::string random_base62(std::size_t size) {
  std::string out;
  std::array<unsigned char, 64> bytes{};
  while (out.size() < size) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
    for (const unsigned char byte : bytes) {
      // 248 is 4 times 62: the rest would make some digits likelier.
      if (byte < 248 && out.size() < size) out += base62[byte % 62];
    }
  }
  return out;
}

Cause cause_of_defect(Defect defect) {
  switch (defect) {
    case Defect::white_space:
      return Cause::whitespace;
    case Defect::invisible:
      return Cause::invisible_character;
    case Defect::quote:
      return Cause::quoted;
    case Defect::unexpanded:
    case Defect::null_word:
    case Defect::printed_object:
      return Cause::env_unset;
    case Defect::placeholder:
      return Cause::placeholder;
    case Defect::doubled_scheme:
      return Cause::wrong_scheme;
    case Defect::masked:
    case Defect::not_a_key:
    case Defect::url_encoded:
    case Defect::non_ascii:
      return Cause::malformed;
  }
  return Cause::malformed;
}

std::string_view fix_of(Cause cause) {
  switch (cause) {
    case Cause::whitespace:
    case Cause::invisible_character:
      return "Store the key anew without that character, then restart what reads it.";
    case Cause::quoted:
      return "Remove the quotes where the key is stored; they are part of what is sent.";
    case Cause::env_unset:
      return "Set the variable that the program reads the key from, and check that it is not "
             "empty.";
    case Cause::placeholder:
      return "Put your own key in place of the sample text.";
    case Cause::wrong_scheme:
      return "Write the scheme once: the program or its library adds one of its own.";
    default:
      return "Copy the whole key again from where it was issued.";
  }
}

FormFault malformed(std::size_t at, std::string what) {
  return {Cause::malformed, at, std::move(what), std::string(fix_of(Cause::malformed))};
}

std::optional<FormFault> defect_in(std::string_view key) {
  const auto defects = credential::find_defects(key);
  if (defects.empty()) return {};
  const auto& defect = defects.front();
  const Cause cause = cause_of_defect(defect.defect);
  return FormFault{cause, defect.offset, "it has " + defect.what, std::string(fix_of(cause))};
}

// `rest` stands behind a prefix of ours that is `prefix` characters long.
std::optional<FormFault> fault_behind(std::string_view key, std::size_t prefix) {
  const std::string_view rest = key.substr(prefix);
  const std::size_t size = random_size + checksum_size;
  const auto odd = rest.find_first_not_of(base62);
  if (odd != rest.npos) {
    return malformed(prefix + odd,
                     fmt::format("character {} is one that no key of ours has", prefix + odd + 1));
  }
  if (rest.size() < size) {
    return malformed(key.size(), fmt::format("it ends {} early",
                                             base::count_of(size - rest.size(), "character")));
  }
  if (rest.size() > size) {
    return malformed(prefix + size, fmt::format("it is {} too long",
                                                base::count_of(rest.size() - size, "character")));
  }
  if (!credential::checksum_holds(checksum, rest)) {
    return malformed(prefix, "its checksum does not fit: a character was changed");
  }
  return {};
}

std::optional<FormFault> fault_of_ours(std::string_view key, const Environment& environment,
                                       std::string_view wanted) {
  const std::string_view prefix = environment.prefix;
  if (key.size() < prefix.size() && key.size() >= 4 && prefix.starts_with(key))
    return malformed(key.size(), "it ends within its prefix");
  if (!base::equals_ignoring_case(key.substr(0, prefix.size()), prefix)) return {};
  if (!key.starts_with(prefix)) return malformed(0, "its prefix was written in other case");
  if (auto fault = fault_behind(key, prefix.size())) return fault;
  if (wanted.empty() || wanted == environment.name) return {};
  return FormFault{
      Cause::wrong_environment, 0,
      fmt::format("it is a key for \"{}\", and this API takes keys for \"{}\"", environment.name,
                  wanted),
      fmt::format("Send a key for \"{}\", or send this one to the API that it is for.", wanted)};
}

std::optional<FormFault> other_kind(std::string_view key) {
  const std::size_t id_size = 4 + 16;
  if (key.starts_with("key_") && key.size() == id_size &&
      key.substr(4).find_first_not_of(base62) == key.npos) {
    return FormFault{Cause::wrong_credential_type, 0, "it is a key's id, not its secret",
                     "Send the secret that was shown once when the key was made."};
  }
  if (credential::looks_like_jwt(key)) {
    return FormFault{Cause::wrong_credential_type, 0, "it is a JSON Web Token, not an API key",
                     "Send the API key itself."};
  }
  return {};
}

}  // namespace

base::Secret make_secret(std::string_view prefix) {
  return base::Secret(credential::with_checksum(
      checksum,
      std::string(prefix) + random_base62(random_size) + std::string(checksum_size, '0')));
}

std::string make_id(std::string_view prefix) { return std::string(prefix) + random_base62(16); }

std::string hint_of(std::string_view key, std::span<const Environment> environments) {
  for (const Environment& environment : environments) {
    if (!environment.prefix.empty() && key.starts_with(environment.prefix) &&
        key.size() >= environment.prefix.size() + 16)
      return environment.prefix + "…" + std::string(key.substr(key.size() - 4));
  }
  return {};
}

std::optional<FormFault> examine(std::string_view key, std::span<const Environment> environments,
                                 std::string_view wanted) {
  if (key.empty()) {
    return FormFault{Cause::env_unset, 0, "it is empty", std::string(fix_of(Cause::env_unset))};
  }
  if (key.size() > max_key_size) return malformed(max_key_size, "it is longer than any key");
  if (auto fault = defect_in(key)) return fault;
  if (auto fault = other_kind(key)) return fault;
  for (const Environment& environment : environments) {
    if (environment.prefix.empty()) continue;
    if (auto fault = fault_of_ours(key, environment, wanted)) return fault;
  }
  if (key.size() == random_size + checksum_size && key.find('_') == key.npos &&
      credential::checksum_holds(checksum, key))
    return malformed(0, "its prefix is missing");
  return {};
}

}  // namespace locksmith::authority
