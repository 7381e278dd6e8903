// What a report tells of one consultation, whatever form it takes. The doctor fills it in.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/catalogue.hpp"
#include "diagnosis/diagnose.hpp"

namespace locksmith::report {

enum class Outcome {
  cause,         // a cause was named
  undetermined,  // refused, but the evidence does not decide
  not_refused,   // the API answered
  unreachable,   // nothing answered, or the evidence could not be read
};

// One request that was sent, and why.
struct SentRequest {
  std::string probe;   // "as-is", "no-credential"
  std::string reason;  // one sentence
  std::string method, url;
  int status = 0;  // 0: no answer
};

// One station of the way that the request took, the client first.
struct Hop {
  std::string name;                     // "you", "proxy squid.corp", "nginx", "api.example.com"
  std::string role;                     // "client", "proxy", "intermediary", "api"
  std::string address;                  // that was connected to; empty: not known
  std::vector<std::string> addresses;   // that its name stands for here (DNS); empty: not asked
  std::string tls_subject, tls_issuer;  // of the certificate that it showed; empty: not known
  std::string remark;                   // 'realm "corp"'; empty: nothing to say
  bool refused = false;                 // this one said no
  bool reached = true;                  // false: the request did not come so far
};

struct Report {
  Outcome outcome = Outcome::undetermined;
  // Of the refused request; the URL without query and credentials. Empty: it could not be read.
  std::string method, url, host;
  int status = 0;  // 0: no answer is known
  const catalogue::Provider* provider = nullptr;
  std::vector<std::string> answered_by;  // intermediaries that took part
  std::vector<Hop> hops;                 // the way there; empty: nothing is known of it
  std::string credential;                // where it was and its fingerprint; empty: none was sent
  std::string variable;                  // the environment variable that most likely holds the key
  // The header that the key belongs in, and the scheme before it ("" for a bare key). An empty
  // header: the key goes elsewhere, or is only a part of what stands there.
  std::string header, scheme;
  bool header_documented = false;  // else it is where the key was sent
  diagnosis::Findings findings;
  diagnosis::Diagnosis diagnosis;  // views `findings`
  bool same_without_key = false;   // by experiment: the answer does not depend on the key at all
  std::vector<SentRequest> requests;
  bool offline = false;
  std::optional<std::chrono::seconds> retry_after;
  std::vector<std::string> notes;  // about the input: what was skipped, what was not sent and why
  std::string context;             // a person's words from the bundle; shown, never parsed
  std::optional<Error> error;      // why it was unreachable

  Report() = default;
  Report(Report&&) = default;
  Report& operator=(Report&&) = default;

  bool diagnosed() const { return outcome == Outcome::cause || outcome == Outcome::undetermined; }
};

struct TextStyle {
  bool color = false;
  std::size_t width = 80;
  bool verbose = false;  // every cause and every finding
};
std::string as_text(const Report& report, const TextStyle& style);
std::string as_markdown(const Report& report);
// docs/json-output.md, docs/why.schema.json
std::string as_json(const Report& report);

}  // namespace locksmith::report
