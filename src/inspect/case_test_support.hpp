// Failures in a few words, for the tests of this folder, looked at with the catalogue that is built
// in. Whatever a test looks for: no finding may ever show a planted key, or name a cause that the
// catalogue does not have; found() and found_by() see to that each time.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "catalogue/catalogue.hpp"
#include "credential/shape.hpp"
#include "diagnosis/finding.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {

// Every key that a test of this program has made.
inline std::vector<std::string>& planted() {
  static std::vector<std::string> keys;
  return keys;
}

// A key of a kind of the catalogue, always the same for the same seed.
inline std::string make_key(std::string_view provider, std::string_view kind, unsigned seed = 1) {
  const catalogue::Provider* owner = catalogue::embedded().provider(provider);
  if (!owner) std::abort();
  const auto found = std::ranges::find(owner->keys, kind, &catalogue::KeyKind::kind);
  if (found == owner->keys.end()) std::abort();
  std::string key = credential::Shape::parse(found->shape)->generate(seed);
  key = credential::with_checksum(found->checksum, std::move(key));
  planted().push_back(key);
  return key;
}

// A key of nobody in particular.
inline std::string any_key(unsigned seed = 1) {
  std::string key = credential::Shape::parse("[A-Za-z0-9]{32}")->generate(seed);
  planted().push_back(key);
  return key;
}

class Found : public diagnosis::Findings {
 public:
  explicit Found(diagnosis::Findings findings) : vector(std::move(findings)) {}

  bool has(std::string_view id) const {
    return std::ranges::find(*this, id, &diagnosis::Finding::id) != end();
  }

  // The first of that id; a failure of the test where there is none.
  const diagnosis::Finding& operator[](std::string_view id) const {
    static const diagnosis::Finding none{};
    const auto hit = std::ranges::find(*this, id, &diagnosis::Finding::id);
    if (hit != end()) return *hit;
    std::string ids;
    for (const auto& finding : *this) ids += " " + finding.id;
    ADD_FAILURE() << "no finding " << id << " among:" << ids;
    return none;
  }

  // What it says of a cause, in decibans.
  double weight(std::string_view id, std::string_view cause) const {
    return weight_for((*this)[id], cause);
  }
};

// One failing exchange in the making; GitHub's API and 401 unless said otherwise.
class Failure {
 public:
  explicit Failure(std::string url = "https://api.github.com/user") { go(std::move(url)); }

  Failure& method(std::string method) { return last().request.method = std::move(method), *this; }
  Failure& send(std::string name, std::string value) {
    last().request.headers.add(std::move(name), std::move(value));
    return *this;
  }
  Failure& bearer(const std::string& key) { return send("Authorization", "Bearer " + key); }
  Failure& basic(const std::string& pair) {
    return send("Authorization", "Basic " + base::base64_encode(pair));
  }
  Failure& answer(int status, std::string body = {}) {
    last().response.status = status;
    last().response.body = std::move(body);
    return *this;
  }
  Failure& with(std::string name, std::string value) {  // a header of the answer
    last().response.headers.add(std::move(name), std::move(value));
    return *this;
  }
  Failure& at(std::string_view rfc3339) {
    last().time = base::parse_rfc3339(rfc3339);
    return *this;
  }
  // The next request of the same client, after the answer so far.
  Failure& go(std::string url) {
    bundle.exchanges.push_back({});
    bundle.failing = bundle.exchanges.size() - 1;
    last().request.url = std::move(url);
    last().response.status = 401;
    return *this;
  }
  Failure& variable(std::string name, std::string value) {
    bundle.environment.variables[std::move(name)] = std::move(value);
    return *this;
  }
  Failure& file(std::string path, std::string content) {
    bundle.environment.files.push_back({std::move(path), std::move(content), {}});
    return *this;
  }

  Found found() const { return look(&inspect); }
  template <class Inspector>
  Found found_by(Inspector inspector) const {
    return look([&](const Case& c) {
      diagnosis::Findings findings;
      inspector(c, findings);
      return findings;
    });
  }

  http::Bundle bundle;

 private:
  http::Exchange& last() { return bundle.exchanges.back(); }

  template <class Look>
  Found look(Look how) const {
    const Case c(bundle, catalogue::embedded());
    Found found(how(c));
    // Whatever one inspector is asked for: all of them keep the rules.
    for (const diagnosis::Finding& finding : inspect(c)) check(finding);
    for (const diagnosis::Finding& finding : found) check(finding);
    return found;
  }

  // "access-production-…": the length of the leading parts that are letters only.
  static std::size_t words_in_front(std::string_view key) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < key.size() && (std::isalpha(static_cast<unsigned char>(key[i])) ||
                                               key[i] == '-' || key[i] == '_');
         ++i) {
      if (key[i] == '-' || key[i] == '_') length = i + 1;
    }
    return length;
  }

  static void check(const diagnosis::Finding& finding) {
    EXPECT_FALSE(finding.id.empty());
    EXPECT_FALSE(finding.place.empty()) << finding.id;
    EXPECT_FALSE(finding.text.empty()) << finding.id;
    EXPECT_TRUE(finding.source.empty() || finding.source.starts_with("http")) << finding.id;
    for (const catalogue::Weight& weight : finding.weights) {
      EXPECT_TRUE(catalogue::embedded().cause(weight.cause)) << finding.id << ": " << weight.cause;
    }
    const auto says = [&](std::string_view text) {
      for (const std::string& key : planted()) {
        // A fingerprint shows seven characters at most; the words that a typed prefix is made of
        // are no secret.
        for (std::size_t i = std::max<std::size_t>(7, words_in_front(key)); i + 8 <= key.size();
             ++i) {
          if (!text.contains(std::string_view(key).substr(i, 8))) continue;
          ADD_FAILURE() << finding.id << " shows a key: " << text;
          break;
        }
      }
    };
    says(finding.place);
    says(finding.text);
    says(finding.look_next);
    for (const std::string& line : finding.fix) says(line);
  }
};

}  // namespace locksmith::inspect
