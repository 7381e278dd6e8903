why() { locksmith why --json curl "$@" > o.json; v=$(verdict < o.json); echo "$v | $(jq -r '[.requests[]|.probe+":"+(.status|tostring)]|join(" ")' o.json) | $(jq -r '[.causes[1:3][]|.cause+" "+(.probability|tostring)]|join(", ")' o.json)"; }
A="Authorization: Bearer"
t() { printf '%-26s ' "$1"; shift; "$@"; }
t expired why -H "$A $EXPIRED" $LAB/expired/v1/things
t revoked why -H "$A $REVOKED" $LAB/revoked/v1/things
t unknown-key why -H "$A $UNKNOWN" $LAB/unknown-key/v1/things
t missing why $LAB/ok/v1/things
t whitespace why -G --data-urlencode "api_key=$GOOD
" $LAB/whitespace/v1/things
t quoted why -H "$A \"$GOOD\"" $LAB/quoted/v1/things
t terse why -H "$A $REVOKED" $LAB/terse/v1/things
t wrong-header why -H "$A $GOOD" $LAB/wrong-header/v1/things
t wrong-scheme why -H "$A $GOOD" $LAB/wrong-scheme/v1/things
t missing-scope why -H "$A $NOSCOPE" $LAB/missing-scope/v1/things
t wrong-environment why -H "$A $TEST" $LAB/wrong-environment/v1/things
t ip-blocked why -H "$A $IP_RESTRICTED" $LAB/ip-blocked/v1/things
t rate-limited why -H "$A $RATE_LIMITED" $LAB/rate-limited/v1/things
t plan-required why -H "$A $FREE_PLAN" $LAB/plan-required/v1/things
t account-suspended why -H "$A $SUSPENDED" $LAB/account-suspended/v1/things
t clock-skew why -H "$A $JWT_FUTURE" $LAB/clock-skew/v1/things
t jwt-expired why -H "$A $JWT_EXPIRED" $LAB/jwt-expired/v1/things
t missing-required-header why -H "$A $GOOD" $LAB/missing-required-header/v1/things
t csrf why -H "$A $GOOD" $LAB/csrf/v1/things
t wrong-endpoint why -H "$A $GOOD" $LAB/wrong-endpoint/v1/things
t redirect-dropped why -L -H "$A $GOOD" $LAB/redirect-dropped/v1/things
t redirect-dropped-noL why -H "$A $GOOD" $LAB/redirect-dropped/v1/things
t endless why -L -H "$A $GOOD" $LAB/endless-redirect/v1/things
t proxy-stripped why -H "$A $GOOD" $LAB/proxy-stripped/v1/things
t waf-blocked why -H "X-Api-Key: $GOOD" $LAB/waf-blocked/v1/things
t gateway-auth why -H "X-Api-Key: $GOOD" $LAB/gateway-auth/v1/things
t login-wall why -H "$A $GOOD" $LAB/login-wall/v1/things
t reflects why -H "$A $UNKNOWN" $LAB/reflects/v1/things
t method why -X POST -d '{}' -H "$A $READONLY" $LAB/ok/v1/things
t env-unset why -H "$A " $LAB/ok/v1/things
t ok why -H "$A $GOOD" $LAB/ok/v1/things
for f in giant-head gigabyte never-answers drips drips-head cut-off bad-status not-http empty-reply; do t $f why --max-time 2 -H "$A $GOOD" $LAB/$f/v1/things; jq -c .error o.json; done
