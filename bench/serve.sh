#!/usr/bin/env bash
# The authority over HTTP next to nginx: serve.sh [LOCKSMITHD]. What is compared is the processor time
# that the server takes per request (user and system, from /proc), on one core, in runs that take
# turns, so that what else the machine does hits all alike. Needs nginx, wrk, python3.
#   direct:  forward-auth with KEYS keys over 32 connections, one request in ten with a wrong key,
#            against an nginx that only answers `return 204`                     (aim: at most 1.25)
#   behind:  nginx auth_request over a unix socket, both processes together, against the same nginx
#            without it                                                          (aim: at most 2.3)
#   start:   seconds until it answers with MANY keys                             (aim: at most 5)
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release/locksmithd}")
[ -x "$program" ] || { echo "error: no program at $program; run make bench" >&2; exit 1; }
for tool in nginx wrk python3; do
  command -v $tool > /dev/null || { echo "skipped: $tool is not here"; exit 0; }
done
exec python3 -B bench/serve.py "$program"
