#!/usr/bin/env bash
# How long a whole run takes from the shell's point of view, next to two programs that everybody has:
# process.sh [PROGRAM]. The commands take turns in one run, so that what else the machine does hits all
# alike; each figure is the median over all rounds. hyperfine measures when it is there, else Python.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release/locksmith}")
[ -x "$program" ] || { echo "error: no program at $program; run make bench" >&2; exit 1; }
rounds=${ROUNDS:-10} runs=${RUNS:-20}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A refused exchange of about 4 kB, with a key made here.
KEY=$(tests/cli/bin/mkkey ghp_ 36 --checksum) python3 - "$folder/failure.har" << 'END'
import json, os, sys
def headers(*pairs): return [{"name": n, "value": v} for n, v in pairs]
entry = {
    "startedDateTime": "2026-11-21T10:00:00Z", "time": 120, "cache": {},
    "timings": {"send": 1, "wait": 118, "receive": 1},
    "request": {
        "method": "GET", "url": "https://api.github.com/user/repos?per_page=100", "httpVersion": "HTTP/2",
        "headers": headers(("Authorization", "Bearer " + os.environ["KEY"] + "\n"), ("Accept", "*/*"),
                           ("User-Agent", "curl/7.88.1")),
        "cookies": [], "queryString": [{"name": "per_page", "value": "100"}], "headersSize": -1, "bodySize": 0},
    "response": {
        "status": 401, "statusText": "", "httpVersion": "HTTP/2", "cookies": [], "redirectURL": "",
        "headers": headers(("date", "Sat, 21 Nov 2026 10:00:00 GMT"),
                           ("content-type", "application/json; charset=utf-8"),
                           ("x-github-media-type", "github.v3"), ("server", "github.com"),
                           *((f"x-padding-{i}", "p" * 80) for i in range(25))),
        "content": {"size": 90, "mimeType": "application/json", "text": json.dumps(
            {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})},
        "headersSize": -1, "bodySize": 90}}
json.dump({"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [entry]}},
          open(sys.argv[1], "w"))
END
commands=("$program why --offline $folder/failure.har" "curl --version" "jq . $folder/failure.har")

# Each round appends one line of times in seconds per command: "NUMBER [t, t, …]".
with_hyperfine() {
  local i
  for _ in $(seq "$rounds"); do
    for i in "${!commands[@]}"; do
      hyperfine -N -i -w 2 -r "$runs" --style none --export-json "$folder/one.json" "${commands[i]}" \
        > /dev/null 2>&1
      echo "$i $(jq -c '.results[0].times' "$folder/one.json")"
    done
  done
}
with_python() {
  python3 - "$rounds" "$runs" "${commands[@]}" << 'END'
import os, shutil, sys, time
rounds, runs = map(int, sys.argv[1:3])
commands = [c.split() for c in sys.argv[3:]]
quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
for _ in range(rounds):
    for i, words in enumerate(commands):
        path, times = shutil.which(words[0]), []
        for run in range(runs + 2):
            start = time.perf_counter()
            os.waitpid(os.posix_spawn(path, words, os.environ, file_actions=quiet), 0)
            times.append(time.perf_counter() - start)
        print(i, times[2:])
END
}
if command -v hyperfine > /dev/null; then how=hyperfine; with_hyperfine; else how=Python; with_python; fi \
  > "$folder/times"

python3 - "$folder/times" "$how, $rounds rounds of $runs, $(stat -c %s "$folder/failure.har") bytes of HAR" << 'END'
import json, statistics, sys
names, times = ["locksmith why --offline FILE.har", "curl --version", "jq . FILE.har"], {}
for line in open(sys.argv[1]):
    number, values = line.split(" ", 1)
    times.setdefault(int(number), []).extend(json.loads(values))
median = {i: statistics.median(values) * 1e3 for i, values in times.items()}
print(f"{'':34}{'median':>9}{'5 %':>9}{'95 %':>9}{'ratio':>8}")
for i, name in enumerate(names):
    cuts = statistics.quantiles(times[i], n=20)
    print(f"{name:34}{median[i]:6.2f} ms{cuts[0] * 1e3:6.2f} ms{cuts[-1] * 1e3:6.2f} ms{median[i] / median[0]:8.2f}")
print(f"({sys.argv[2]}; ratio: to locksmith)")
END
