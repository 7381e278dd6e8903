// The environment of a live request, as far as it may explain the refusal: what belongs to this API
// and to the way there, and nothing else.
#pragma once

#include "catalogue/catalogue.hpp"
#include "doctor/question.hpp"

namespace locksmith::doctor {

// Adds to the question's bundle: the proxy variables, the variables that clients of this API read,
// the variables that hold the very key that is sent (so that a fix can name them), `.env` of the
// current folder, the lines of other .env and start-up files that set those variables, processes
// that hold that very key, and the user's .netrc where the command reads it. Also does what curl
// would do with the last: a login found there becomes the request's Authorization.
void add_surroundings(Question& question, const catalogue::Catalogue& catalogue);

}  // namespace locksmith::doctor
