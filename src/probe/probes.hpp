// The experiments that the doctor can make, as data. A probe builds its request; sending is the
// doctor's, which asks allowed() first; interpret() (interpret.hpp) reads the outcome.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "http/curl_command.hpp"
#include "http/message.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::probe {

struct Setting {
  const inspect::Case& failure;
  bool replay = false;               // the user allowed the original's own method
  bool try_environments = false;     // the user allowed the provider's other hosts
  std::uint64_t seed = 0;            // for the random key
  http::ClientOptions options = {};  // the user's
};

// The request, or why the probe does not apply, in a few words.
using Built = std::expected<http::Request, std::string_view>;

struct Probe {
  std::string_view name;
  std::string_view why;  // one sentence for the user, shown before it is sent
  bool carries_credential = true;
  Built (*build)(const Setting&) = nullptr;
  // What it changes about the user's options; null: nothing.
  void (*change_way)(const Setting&, http::ClientOptions&) = nullptr;
  // How long to wait before it is sent; null: not at all.
  std::chrono::seconds (*wait)(const Setting&) = nullptr;
};

// The options that a probe's request is sent with.
http::ClientOptions options_of(const Probe& probe, const Setting& setting);

// The name without a number at its end: "neighbour-host" of "neighbour-host-2". Probes of one kind
// are read alike.
std::string_view kind_of(std::string_view probe);

// In the order in which they are worth making when nothing else is known.
std::span<const Probe> probes();
const Probe* find_probe(std::string_view name);

// The failing request as it may be sent: without --replay an unsafe method becomes a GET without a
// body. The answer to that is what the other probes are compared with.
http::Request harmless(const http::Request& request, bool replay);

}  // namespace locksmith::probe
