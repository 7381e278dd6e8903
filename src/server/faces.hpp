// What the authority answers on its faces. Each function writes one whole answer.
#pragma once

#include "server/call.hpp"

namespace locksmith::server {

// For proxies and APIs.
void verify(Call& call);
void forward_auth(Call& call);
void relayed_refusal(Call& call);
// For the holder of a key.
void whoami(Call& call);

// For administrators, whose key and scope have been checked.
void list_keys(Call& call);
void create_key(Call& call);
void get_key(Call& call);
void change_key(Call& call);
void revoke_key(Call& call);
void rotate_key(Call& call);
void import_keys(Call& call);
void key_uses(Call& call);
void list_accounts(Call& call);
void create_account(Call& call);
void get_account(Call& call);
void change_account(Call& call);
void suspend_account(Call& call);
void resume_account(Call& call);
void list_decisions(Call& call);
void get_decision(Call& call);

// For everybody.
void github_leaks(Call& call);
void cause_page(Call& call);
void cause_list(Call& call);
void openapi(Call& call);
void healthz(Call& call);
void readyz(Call& call);
void metrics(Call& call);

}  // namespace locksmith::server
