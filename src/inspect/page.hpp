// A web page in the place of data: an API that was asked for JSON did not send it, somebody in
// front of it did.
#pragma once

#include <string_view>

#include "inspect/inspect.hpp"

namespace locksmith::inspect {

enum class Page {
  none,    // no HTML
  other,   // HTML that shows no sign of what it is for
  login,   // wants a login: a password field, a form for an identity provider, a title that says so
  portal,  // wants the terms of a network accepted before anything passes: a captive portal
};
Page page_of(const catalogue::ResponseView& answer);

// Whether the request was made by a program for an API rather than by a person for a page: it asks
// for JSON or sends it, carries a key, or names an API in its path. A redirect does not change
// that.
bool asks_for_data(const Case&);

// A login page or captive portal where data was asked for. No other page is a refusal by itself.
bool is_wall(const Case&);

// The API's own page, by a rule of its own: then nobody stands in front.
bool is_own_answer(const Case&);

// The first request of a redirect chain went to another host than the one that answered.
bool was_led_elsewhere(const Case&);

// A location that leads to a login, by its words.
bool leads_to_login(std::string_view location);

}  // namespace locksmith::inspect
