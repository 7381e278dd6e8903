// What a reader of curl command lines noticed beside the request itself. An inspector turns each
// kind into a finding, so the kind carries the meaning and the text is for people.
#pragma once

#include <string>

namespace locksmith::http {

struct Note {
  enum class Kind {
    // Seen in the pasted text.
    cut_at_ampersand,   // an '&' outside quotes ended the command in the middle of a URL
    cut_at_line_end,    // a line without a working '\' at its end ended the command too early
    shell_expansion,    // a shell would have replaced $NAME, $2y, $(…), `…` or %NAME%
    history_expansion,  // an interactive shell would have replaced !name
    smart_quote,        // typographic quotes stood where the shell needs ' or "
    unclosed_quote,     // a quote that nothing closes
    // Seen in curl's options.
    dash,              // an en or em dash stood where an option begins
    no_colon,          // a header without a colon: curl does not send it
    missing_password,  // -u without a colon: curl would have asked
    cookie_file,       // -b without '=': curl takes the argument for the name of a cookie jar
    several_urls,      // only the first request was read
    unread_file,       // the content of a file or of standard input is not known
    curl_variable,     // --expand-…: {{name}} is replaced by curl
    refused_by_curl,   // curl itself would not have sent anything
  };
  Kind kind;
  std::string text;  // never holds a part of a secret, therefore no word of the command

  friend bool operator==(const Note&, const Note&) = default;
};

}  // namespace locksmith::http
