// Runs a program with a recording proxy between it and the network, and tells what it really sent.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/bundle.hpp"
#include "record/ledger.hpp"
#include "record/trust.hpp"

namespace locksmith::record {

struct Options {
  std::vector<std::string> command;
  std::vector<std::string> passed_hosts;  // left alone from the start
  bool keep_no_proxy = false;             // what NO_PROXY excepts stays excepted
};

struct Recording {
  int exit_code = 0;                      // the program's own
  std::vector<http::Exchange> exchanges;  // in the order in which they were complete
  std::vector<Note> notes;
  std::size_t connections = 0;  // 0: the program never came to the proxy
  std::size_t strangers = 0;    // connections of other users, all refused
};

// `environment` is the program's, but for what the recording changes. An Error when it was not run.
// No thread may have been started before. Everything that was made for the run is gone afterwards.
Result<Recording> record(const Options& options, const Variables& environment);

}  // namespace locksmith::record
