# What all scripts share: one line per step on the terminal, a tool's own output in a log file.
# Sourced, with bash.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
logs=build/logs
jobs=${JOBS:-$(nproc)}

step() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$1" >&2; [ $# -lt 2 ] || printf '       %s\n' "$2" >&2; exit 1; }
# A log or a pipe gets no escape codes.
[ -t 1 ] || step() { printf '==> %s\n' "$*"; }

# Shows where a long step is: its last line in place on a terminal, else a sign of life per minute.
watch_log() {
  local log=$1 line width=$(( ${COLUMNS:-80} - 1 )) seconds=0
  while sleep 1; do
    seconds=$((seconds + 1))
    line=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c "1-$width") || true
    if [ -t 1 ]; then printf '\r\033[K%s' "$line"
    elif [ $((seconds % 60)) -eq 0 ]; then printf '    %s\n' "$line"; fi
  done
}

# quiet NAME COMMAND…: runs it with its output in build/logs/NAME.log, which is shown when it fails.
quiet() {
  local log=$logs/$1.log status=0 watcher; shift
  mkdir -p "$logs"
  : > "$log"
  watch_log "$log" & watcher=$!
  "$@" >> "$log" 2>&1 < /dev/null || status=$?
  kill "$watcher" 2>/dev/null; wait "$watcher" 2>/dev/null || true
  [ ! -t 1 ] || printf '\r\033[K'
  [ "$status" -eq 0 ] || { excerpt "$log" >&2
    die "failed: $* (exit $status)" "the whole log: $log"; }
}
# The first broken step of a build with its errors, else how the log ends.
excerpt() {
  if grep -q '^FAILED: ' "$1"; then sed -n '/^FAILED: /,$p' "$1" | cut -c 1-300 | head -n 40
  else tail -n "${LOG_LINES:-30}" "$1"; fi
}

# build PRESET [TARGET…]: configures once (CMake itself notices later changes), then builds.
build() {
  local preset=$1; shift
  step "Build (build/$preset)"
  if [ ! -f "build/$preset/build.ninja" ]; then
    quiet "$preset-configure" cmake --preset "$preset" ${CONFIGURE_FLAGS:-}
  fi
  quiet "$preset-build" cmake --build "build/$preset" -j "$jobs" ${1:+--target "$@"}
}
