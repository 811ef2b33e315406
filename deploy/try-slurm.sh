#!/usr/bin/env bash
# Tries deploy/slurm on a real Slurm: starts one with two nodes on this machine, asks a question in seven pieces (or HOMEFIRST_PIECES), kills a node
# in the middle, and a question in rounds; compares every file with what one machine answers; stops it all. Touches no
# Slurm that is here already: keys, sockets, ports, folders are its own.
# With --short the question in rounds is left out. Exit codes: 0 tried, 77 not tried because something is not installed, 1 failed.
set -u
engine=slurm
# shellcheck source=deploy/try.bash
. "$(dirname "${BASH_SOURCE[0]}")/try.bash"
case ${1-} in '' | --short) short=${1-} ;; *) printf 'Usage: %s [--short]\n' "$0" >&2 && exit 2 ;; esac

started=() on_n2='' second_job=''
# The processes of jobs on a node of this trial, and the slurmstepd that looks after them.
nodes_pids() { # nodes_pids NODE
  local environ pid parent
  for environ in /proc/[0-9]*/environ; do
    grep -qzxF "SLURMD_NODENAME=$1" "$environ" 2>/dev/null || continue
    grep -qzxF "SLURM_CONF=$SLURM_CONF" "$environ" 2>/dev/null || continue
    pid=${environ#/proc/}
    pid=${pid%/environ}
    printf '%s\n' "$pid"
    parent=$(($(ps -o ppid= -p "$pid")))
    [[ $(ps -o args= -p "$parent") != slurmstepd* ]] || printf '%s\n' "$parent"
  done 2>/dev/null | sort -un
}
# A job of n2 with its processes, if it has begun: its script is the child of a slurmstepd.
n2_is_at_a_piece() {
  second_job=$(squeue --noheader --states=running --nodelist=n2 --format=%A 2>/dev/null)
  [ -n "$second_job" ] || return 1
  on_n2=$(nodes_pids n2)
  # Not only the script of the job: what it has begun.
  # shellcheck disable=SC2086 # a list of numbers
  [ -n "$on_n2" ] && ps -o args= -p ${on_n2//$'\n'/ } 2>/dev/null | grep -qF "$program piece "
}
all_ended() { ! kill -0 "${started[@]}" 2>/dev/null; }
stop() {
  local code=$? pid
  trap - EXIT
  kill "${started[@]}" 2>/dev/null
  until_true 5 all_ended
  for pid in $(nodes_pids n1) $(nodes_pids n2) "${started[@]}"; do kill -9 "$pid" 2>/dev/null; done
  wait 2>/dev/null
  if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then tail -n 15 "$trial"/*.log "$trial"/*.txt 2>/dev/null; fi
  rm -rf "$trial"
  exit "$code"
}
export SLURM_CONF=$trial/slurm.conf
trap stop EXIT
trap 'exit 130' INT TERM

PATH=$PATH:/usr/sbin
for needed in munged slurmctld slurmd sbatch squeue scontrol; do
  command -v "$needed" >/dev/null || not_installed "Slurm ($needed) is"
done

# A key and a munged of its own.
chmod 755 "$trial"
dd if=/dev/urandom of="$trial/munge.key" bs=128 count=1 status=none
chmod 600 "$trial/munge.key"
port=$((20000 + RANDOM % 10000))
host=$(hostname -s)
me=$(id -un)
cat >"$SLURM_CONF" <<CONF
ClusterName=trial
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
# A job that is queued again waits for the credentials of its first start to end: two minutes unless said.
AuthInfo=socket=$trial/munge.socket,cred_expire=5
SlurmctldPort=$port
ProctrackType=proctrack/linuxproc
SwitchType=switch/none
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
# A node that does not answer for so long is down.
SlurmdTimeout=3
TCPTimeout=1
MessageTimeout=3
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=1,sched_interval=2
StateSaveLocation=$trial/state
SlurmdSpoolDir=$trial/%n
SlurmctldPidFile=$trial/slurmctld.pid
SlurmdPidFile=$trial/%n.pid
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=512
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=512
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=10 State=UP
CONF
mkdir "$trial/state" "$trial/n1" "$trial/n2"

node() { # node NAME: starts it; $! is its process
  slurmd -D -N "$1" -f "$SLURM_CONF" >>"$trial/$1.log" 2>&1 &
  started+=($!)
  disown # so that the shell does not tell of its death
}
idle() { [ "$(sinfo --noheader --format=%T --nodes="$1" 2>/dev/null)" = idle ]; }

munged --foreground --socket="$trial/munge.socket" --key-file="$trial/munge.key" --pid-file="$trial/munged.pid" \
  --log-file="$trial/munged.log" --seed-file="$trial/munged.seed" >"$trial/munged.txt" 2>&1 &
started+=($!)
until_true 10 test -S "$trial/munge.socket" || die "munged does not start"
slurmctld -D -f "$SLURM_CONF" >"$trial/slurmctld.log" 2>&1 &
started+=($!)
node n1
node n2
n2=$!
for name in n1 n2; do until_true 30 idle "$name" || die "node $name does not come up"; done
say "$(slurmd -V), two nodes: $(sinfo --noheader --format='%D %T')"

ask_one_machine
export HOMEFIRST=$program HOMEFIRST_POLL=1
ask() { # ask NAME QUESTION...
  local name=$1
  shift
  exec deploy/slurm/homefirst-slurm --pieces "$pieces" --work "$trial/folder/$name" --out "$trial/engine/$name" -- "$@" >"$trial/$name.txt" 2>&1
}
mkdir "$trial/folder"

# A question in pieces. When n2 is at a piece, it is killed with all that runs on it, as if its power failed.
began=$SECONDS
ask question "${one_question[@]}" &
asking=$!
started+=("$asking")
until_true 30 n2_is_at_a_piece || die "n2 is at no piece"
# shellcheck disable=SC2086 # a list of numbers
kill -9 "$n2" $on_n2
say "killed node n2 at job $second_job after $((SECONDS - began)) s: slurmd, slurmstepd and the piece"
wait "$asking" || die "no answer after a node was killed"
again=$(scontrol show job "$second_job" | grep -o 'Restarts=[0-9]*' | head -n 1)
[ "${again#Restarts=}" -ge 1 ] || die "Slurm did not start the job of the dead node again: $again"
say "Slurm started it again by itself ($again, $(scontrol show job "$second_job" | grep -o ' NodeList=.*' | head -n 1 | tr -d ' '))"
[ "$(grep -c '^Slurm job' "$trial/question.txt")" -eq 1 ] || die "one job array was not enough"
say "answered in $((SECONDS - began)) s with one job array"
same_results question
if [ -n "$short" ]; then
  say "passed, without the question in rounds"
  exit 0
fi

# A question in rounds, each a job array; n2 is back.
node n2
until_true 30 idle n2 || die "n2 does not come back"
began=$SECONDS
ask rounds "${in_rounds[@]}" &
asking=$!
started+=("$asking")
wait "$asking" || die "no answer in rounds"
arrays=$(grep -c '^Slurm job' "$trial/rounds.txt")
[ "$arrays" -ge 2 ] || die "a question in rounds took $arrays"
say "answered in $arrays rounds, $((SECONDS - began)) s"
same_results rounds
say "passed"
