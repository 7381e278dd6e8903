#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace locksmith::base {
namespace {

TEST(JsonWriter, WritesTextsAsBoostDoes) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  for (const std::string& text : {all, all + all, std::string("x\ny"), std::string("\"\\"),
                                  std::string(), std::string("ä…")}) {
    std::string out;
    JsonWriter(out).value(text);
    EXPECT_EQ(out, boost::json::serialize(boost::json::string(text)));
  }
}

TEST(JsonWriter, WritesMembersAndElementsInTheirOrder) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("none");
  json.open('[');
  json.close(']');
  json.name("two");
  json.open('[');
  for (const char* each : {"a", "{", "[", ":"}) {
    json.open('{');
    json.member("is", each);
    json.member("last", false);
    json.close('}');
  }
  json.value(std::string("text"));
  json.close(']');
  json.member("status", 401);
  json.member("made", true);
  json.close('}');
  EXPECT_EQ(out, boost::json::serialize(boost::json::parse(out)));
  EXPECT_EQ(out,
            R"({"none":[],"two":[{"is":"a","last":false},{"is":"{","last":false},)"
            R"({"is":"[","last":false},{"is":":","last":false},"text"],"status":401,"made":true})");
}

}  // namespace
}  // namespace locksmith::base
