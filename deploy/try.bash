# What trying an engine has in common: the answers of one machine, and whether those of the engine are the same. For
# try-slurm.sh and try-spark.sh, which set `engine` and read this; it makes the folder `$trial`.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

say() { printf '%s: %s\n' "${engine:?}" "$*"; }
die() {
  say "FAILED: $*"
  exit 1
}
# Exit code 77 says that nothing was tried, as with Automake.
not_installed() {
  say "not tried: $* not installed here; \`.ci/engines\` installs both engines"
  exit 77
}

program=$(realpath -m "${HOMEFIRST:-${CARGO_TARGET_DIR:-target}/release/homefirst}")
trial=$(mktemp -d "${TMPDIR:-/tmp}/homefirst-trial.XXXXXX") || exit 1
pieces=${HOMEFIRST_PIECES:-7}
in_rounds=(run scenarios/theory/mm3.toml --replications 400 --precision '0.4 points')

# A process and all that came of it, children last.
family() { # family PID
  local child
  printf '%s\n' "$1"
  for child in $(ps -o pid= --ppid "$1"); do family "$child"; done
}

# Until a command succeeds.
until_true() { # until_true SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# What one machine answers.
ask_one_machine() {
  [ -x "$program" ] || die "there is no program $program: cargo build --release, or say where with HOMEFIRST"
  # So many replications that a piece takes four seconds or so, or two where there are many: long enough to be killed in the middle.
  local began cpu each=4000
  [ "$pieces" -le 14 ] || each=2000
  cpu=$(date +%s%N)
  "$program" run scenarios/home-first-2020.toml --replications 4 --threads 1 --out "$trial/four" >/dev/null || die "one machine gave no answer"
  cpu=$((($(date +%s%N) - cpu) / 4000000 + 1)) # milliseconds for each
  one_question=(run scenarios/home-first-2020.toml --replications $((pieces * (each / cpu + 1))))
  began=$SECONDS
  "$program" "${one_question[@]}" --out "$trial/one-machine/question" >/dev/null || die "one machine gave no answer"
  [ -n "${short-}" ] || "$program" "${in_rounds[@]}" --out "$trial/one-machine/rounds" >/dev/null || die "one machine gave no answer in rounds"
  say "one machine answered in $((SECONDS - began)) s: ${one_question[*]}"
}

# run.json without the blocks of how it was made, which must be there.
without_how() { # without_how FILE
  awk '
    /^  "(command|timing)": \{/ { how++; skip = 1 }
    !skip
    /^  \}/ { skip = 0 }
    END { exit how != 2 }' "$1"
}

# Every file is that of one machine.
same_results() { # same_results NAME
  local one=$trial/one-machine/$1 engines=$trial/engine/$1 files
  diff -rq --exclude=run.json "$one" "$engines" || die "$1: files differ from those of one machine"
  without_how "$one/run.json" >"$trial/one.json" && without_how "$engines/run.json" >"$trial/engine.json" ||
    die "$1: run.json does not say how it was made"
  cmp "$trial/one.json" "$trial/engine.json" || die "$1: run.json differs from that of one machine"
  files=$(find "$engines" -type f | wc -l)
  [ "$files" -ge 8 ] || die "$1: only $files files"
  say "$1: all $files files are those of one machine"
}
