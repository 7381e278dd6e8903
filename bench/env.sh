#!/usr/bin/env bash
# How long `locksmith env NAME` takes with 500 more processes than this machine has: env.sh [PROGRAM].
# The aim is under 100 ms; each figure is the median over all runs.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release/locksmith}")
[ -x "$program" ] || { echo "error: no program at $program; run make bench" >&2; exit 1; }
runs=${RUNS:-40} processes=${PROCESSES:-500}
folder=$(mktemp -d)
started=()
end() { kill "${started[@]}" 2> /dev/null || true; rm -rf "$folder"; }
trap end EXIT

mkdir -p "$folder/home" "$folder/app"
# A project of some size, and an environment of the size that desktop sessions have.
for i in $(seq 60); do
  mkdir -p "$folder/app/service$i/src"
  printf 'PORT=80\nBENCH_ENV_KEY=%s\n' "$(tests/cli/bin/mkkey bench_ 32 "$i")" > "$folder/app/service$i/.env"
  touch "$folder/app/service$i/src/"file{1..40}
done
padding=$(printf '%*s' 3000 '' | tr ' ' x)
old=$(tests/cli/bin/mkkey bench_ 32 old)
for _ in $(seq "$processes"); do
  PADDING=$padding BENCH_ENV_KEY=$old sleep 600 &
  started+=($!)
done
cd "$folder/app"
HOME=$folder/home python3 - "$program" "$runs" "$processes" << 'END'
import statistics, subprocess, sys, time
program, runs, processes = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def median(*words):
    times = []
    for run in range(runs + 2):
        start = time.perf_counter()
        subprocess.run([program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[2:]) * 1000
print(f"with {processes} processes that all have the variable")
print(f"  locksmith --version                {median('--version'):7.1f} ms")
print(f"  locksmith env NAME                 {median('env', 'BENCH_ENV_KEY'):7.1f} ms")
print(f"  locksmith env --json NAME          {median('env', '--json', 'BENCH_ENV_KEY'):7.1f} ms")
print(f"  locksmith env NAME, of nobody      {median('env', 'BENCH_ENV_NOBODY'):7.1f} ms")
END
