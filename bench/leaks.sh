#!/usr/bin/env bash
# How fast a key is looked for in a work tree and in a whole history, next to what people use for it:
# leaks.sh [PROGRAM]. A script makes the repository (about 300 MB of blobs, 3,000 commits, the same each
# time), everything is in the page cache, and the commands take turns, so that what else the machine does
# hits all alike; each figure is the median. KEEP=FOLDER keeps the repository there for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release/locksmith}")
engine=$(dirname "$program")/bench/leaks_history
rounds=${ROUNDS:-7}
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"

if [ ! -e "$folder/ready" ]; then
  { tests/cli/bin/mkkey ghp_ 36 2026; echo; } > "$folder/one"
  { cat "$folder/one"; for i in $(seq 99); do tests/cli/bin/mkkey sk_ 40 "$i"; echo; done; } > "$folder/hundred"
  for keys in one hundred; do awk '{ print "API_KEY_" NR "=" $0 }' "$folder/$keys" > "$folder/$keys.env"; done
  git init -q -b main "$folder/repo"
  python3 -B bench/leaks_repository.py "$folder/one" | git -C "$folder/repo" fast-import --quiet
  git -C "$folder/repo" repack -adfq --depth=50 --window=10
  git -C "$folder/repo" checkout -q -f main
  git clone -q --bare "$folder/repo" "$folder/bare.git"
  # Files, so that rg and the scan have as much to read as the history has: about 300 MB.
  mkdir "$folder/tree"
  git -C "$folder/repo" cat-file --batch-all-objects --batch-check='%(objecttype) %(objectname)' |
    awk '$1 == "blob" { print $2 }' | git -C "$folder/repo" cat-file --batch --buffer |
    split -b 50k -a 4 - "$folder/tree/"
  : > "$folder/ready"
fi

python3 - "$folder" "$program" "$engine" "$rounds" << 'END'
import json, os, statistics, subprocess, sys, time
folder, program, engine, rounds = sys.argv[1:4] + [int(sys.argv[4])]
key = open(f"{folder}/one").read().strip()
absent = key[::-1]
repo, bare, tree = f"{folder}/repo", f"{folder}/bare.git", f"{folder}/tree"
search = [program, "leaks", "--no-histories", "--color", "never"]
commands = {}  # name: (words, key file for standard input or None)
has_leaks = os.path.exists(program) and subprocess.run([program, "leaks", "--help"], capture_output=True).returncode == 0
if has_leaks:
    commands["leaks tree, 1 key"] = search + ["--no-history", f"file:{folder}/one.env", tree], None
    commands["rg -F -uuu KEY tree"] = ["rg", "-F", "-uuu", key, tree], None
    commands["leaks history, 1 key"] = search + [f"file:{folder}/one.env", bare], None
    commands["leaks history, 100 keys"] = search + [f"file:{folder}/hundred.env", bare], None
if os.path.exists(engine):
    commands["engine, 1 key"] = [engine, bare], f"{folder}/one"
    commands["engine, 1 key, not there"] = [engine, bare], f"{folder}/absent"
    commands["engine, 100 keys"] = [engine, bare], f"{folder}/hundred"
    open(f"{folder}/absent", "w").write(absent + "\n")
commands["git log --all -S KEY"] = ["git", "-C", bare, "log", "--all", "--oneline", "-S", key], None
commands["git cat-file | rg -aF KEY"] = ["sh", "-c", 'git -C "$0" cat-file --batch-all-objects --batch | rg -aF "$1"', bare, key], None
times, work, peaks = {name: [] for name in commands}, {name: [] for name in commands}, {}
for round in range(rounds + 1):  # the first warms the cache
    for name, (words, keys) in commands.items():
        start = time.perf_counter()
        child = subprocess.Popen(words, stdin=open(keys or "/dev/null"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - start
        child.returncode = status
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"error: {name} failed")
        if round:
            times[name].append(took)
            work[name].append(usage.ru_utime + usage.ru_stime)
        peaks[name] = max(peaks.get(name, 0), usage.ru_maxrss)
print(f"{'':30}{'median':>11}{'least':>11}{'processor':>12}{'peak':>11}")
for name, values in times.items():
    print(f"{name:30}{statistics.median(values) * 1e3:8.1f} ms{min(values) * 1e3:8.1f} ms"
          f"{statistics.median(work[name]) * 1e3:9.1f} ms{peaks[name] / 1024:8.1f} MB")
print(f"({rounds} rounds, each command once in each; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f})")
END
