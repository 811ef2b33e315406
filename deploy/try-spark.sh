#!/usr/bin/env bash
# Tries deploy/spark on a real Spark: a local cluster with two workers, each with processes of its own; asks a question in seven
# pieces (or HOMEFIRST_PIECES), kills a worker's executor in the middle, and a question in rounds; compares every file with what one machine answers;
# stops it all. SPARK_PYTHON is a Python that has pyspark; else that of `.ci/engines`, else python3.
# With --short the question in rounds is left out. Exit codes: 0 tried, 77 not tried because something is not installed, 1 failed.
set -u
engine=spark
# shellcheck source=deploy/try.bash
. "$(dirname "${BASH_SOURCE[0]}")/try.bash"
case ${1-} in '' | --short) short=${1-} ;; *) printf 'Usage: %s [--short]\n' "$0" >&2 && exit 2 ;; esac

asking='' all=''
stop() {
  local code=$?
  trap - EXIT
  # shellcheck disable=SC2046 # lists of numbers
  [ -z "$asking" ] || kill -9 $(family "$asking") 2>/dev/null
  wait 2>/dev/null
  if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then tail -n 30 "$trial"/*.txt 2>/dev/null; fi
  rm -rf "$trial"
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT TERM

python=${SPARK_PYTHON:-}
[ -n "$python" ] || { [ -x target/spark/bin/python ] && python=$PWD/target/spark/bin/python; }
python=$(command -v "${python:-python3}") || not_installed "Python is"
version=$("$python" -c 'import pyspark; print(pyspark.__version__)' 2>/dev/null) || not_installed "Spark (pyspark) is"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || not_installed "Java is"
say "PySpark $version, $("$java" -version 2>&1 | head -n 1), local-cluster with two workers"

ask_one_machine
bin=$(dirname "$python")
submit=$bin/spark-submit
export PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python
# Everything on this machine, and nothing outside the trial's folder.
export SPARK_LOCAL_IP=127.0.0.1 SPARK_WORKER_DIR=$trial/workers SPARK_LOCAL_DIRS=$trial/spark
mkdir -p "$trial/folder" "$trial/workers" "$trial/spark"
ask() { # ask NAME QUESTION...
  local name=$1
  shift
  exec "$submit" --master 'local-cluster[2,1,1024]' --conf spark.driver.bindAddress=127.0.0.1 --conf spark.driver.host=127.0.0.1 \
    --conf spark.ui.enabled=false deploy/spark/homefirst_spark.py --program "$program" \
    --pieces "$pieces" --work "$trial/folder/$name" --out "$trial/engine/$name" -- "$@" >"$trial/$name.txt" 2>&1
}

# An executor that is at a piece, with all that came of it, once another piece is finished: in the middle, then.
executor_at_a_piece() {
  local pid
  compgen -G "$trial/folder/question/*.piece" >/dev/null || return 1
  for pid in $(family "$asking"); do
    [[ $(ps -o args= -p "$pid") == *CoarseGrainedExecutorBackend* ]] || continue
    all=$(family "$pid")
    # shellcheck disable=SC2086 # a list of numbers
    if ps -o args= -p $all | grep -qF "$program piece "; then
      executor=$(ps -o args= -p "$pid" | grep -o 'executor-id [0-9]*')
      return 0
    fi
  done
  return 1
}

began=$SECONDS
ask question "${one_question[@]}" &
asking=$!
until_true 300 executor_at_a_piece || die "no executor is at a piece"
# shellcheck disable=SC2086 # a list of numbers
kill -9 $all
finished=$(find "$trial/folder/question" -name '*.piece' | wc -l)
say "killed $executor after $((SECONDS - began)) s with $finished of $pieces pieces finished: its Java, its Python, and the piece"
wait "$asking" || die "no answer after an executor was killed"
asking=''
lost=$(grep -c 'Lost task .*executor' "$trial/question.txt")
grep -qE 'Lost executor' "$trial/question.txt" || die "Spark does not say that it lost an executor"
[ "$lost" -ge 1 ] || die "Spark does not say that it lost a task"
[ "$(grep -c "^Spark: $pieces pieces" "$trial/question.txt")" -eq 1 ] || die "one Spark job was not enough"
say "Spark lost $lost task with its executor and made it again by itself; answered in $((SECONDS - began)) s with one job"
same_results question
if [ -n "$short" ]; then
  say "passed, without the question in rounds"
  exit 0
fi

began=$SECONDS
ask rounds "${in_rounds[@]}" &
asking=$!
wait "$asking" || die "no answer in rounds"
asking=''
jobs=$(grep -c "^Spark: $pieces pieces" "$trial/rounds.txt")
[ "$jobs" -ge 2 ] || die "a question in rounds took $jobs"
say "answered in $jobs rounds, $((SECONDS - began)) s"
same_results rounds
say "passed"
