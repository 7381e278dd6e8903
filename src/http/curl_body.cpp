#include "http/curl_body.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// curl(1) --data-urlencode: content, =content, name=content, @file, name@file.
std::string urlencoded(std::string_view argument, const ContentOf& content_of) {
  auto mark = argument.find('=');
  if (mark == std::string_view::npos) mark = argument.find('@');
  const bool named = mark != std::string_view::npos;
  const std::string_view name = named ? argument.substr(0, mark) : std::string_view();
  const std::string content(named ? argument.substr(mark + 1) : argument);
  const bool from_file = named && argument[mark] == '@';
  std::string out = base::percent_encode(from_file ? content_of(content) : content);
  replace_all(out, "%20", "+");
  return name.empty() ? out : std::string(name) + "=" + out;
}

// The value of a form field ends at a ';' outside quotes; attributes stand behind it.
struct FormValue {
  std::string text;
  std::string type;
  std::string filename;
};

std::string next_value(std::string_view& rest) {
  std::string out;
  if (rest.starts_with('"')) {
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      out += rest[i];
    }
    rest = rest.substr(std::min(rest.find(';', i), rest.size()));
  } else {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    out = rest.substr(0, end);
    rest = rest.substr(end);
  }
  return out;
}

FormValue form_value(std::string_view rest) {
  FormValue value{next_value(rest), {}, {}};
  while (rest.starts_with(';')) {
    rest = rest.substr(std::min(rest.find_first_not_of(" \t", 1), rest.size()));
    const auto equals = rest.find('=');
    const std::string_view name = rest.substr(0, equals);
    rest = equals < rest.find(';') ? rest.substr(equals + 1) : rest;
    std::string text = next_value(rest);
    if (name == "type") value.type = std::move(text);
    if (name == "filename") value.filename = std::move(text);
  }
  return value;
}

}  // namespace

std::string data_piece(DataKind kind, std::string_view argument, const ContentOf& content_of) {
  if (kind == DataKind::urlencode) return urlencoded(argument, content_of);
  if (kind == DataKind::raw || !argument.starts_with('@')) return std::string(argument);
  std::string content = content_of(std::string(argument.substr(1)));
  // curl(1) -d: "carriage returns, newlines and null bytes are stripped out".
  if (kind == DataKind::ascii) {
    std::erase_if(content, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  }
  return content;
}

std::string form_part(std::string_view argument, bool literal, const ContentOf& content_of) {
  const auto equals = std::min(argument.find('='), argument.size());
  std::string name(argument.substr(0, equals));
  const std::string_view rest = argument.substr(std::min(equals + 1, argument.size()));
  const bool attached = !literal && rest.starts_with('@');  // sent as a file
  const bool included = !literal && rest.starts_with('<');  // sent as a field's text
  FormValue value = literal ? FormValue{std::string(rest), {}, {}}
                            : form_value(rest.substr(attached || included ? 1 : 0));
  if (attached && value.filename.empty()) {
    value.filename = value.text.substr(value.text.find_last_of('/') + 1);
  }
  // Without `type` curl guesses from the file's name; no cause of a refusal depends on the guess.
  if (attached && value.type.empty()) value.type = "application/octet-stream";
  if (attached || included) value.text = content_of(value.text);

  replace_all(name, "\"", "%22");  // as browsers do since HTML 5; curl since 7.81.0
  std::string out = "--" + std::string(form_boundary) + "\r\n";
  out += "Content-Disposition: form-data; name=\"" + name + "\"";
  if (!value.filename.empty()) out += "; filename=\"" + value.filename + "\"";
  if (!value.type.empty()) out += "\r\nContent-Type: " + value.type;
  return out + "\r\n\r\n" + value.text + "\r\n";
}

std::string form_end() { return "--" + std::string(form_boundary) + "--\r\n"; }

}  // namespace locksmith::http
