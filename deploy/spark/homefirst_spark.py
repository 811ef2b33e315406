"""One question on an Apache Spark cluster: one piece per task, and all merged; again for every round that it needs.

    spark-submit --master MASTER deploy/spark/homefirst_spark.py \\
        --pieces 64 --work DIR --out RESULTS -- run FILE --replications 4000

After `--` stands the question as for `homefirst plan`. DIR must be seen by the driver and all workers; so must the program,
`homefirst` on the PATH or what --program says. Spark makes a piece again where its worker is lost or the program fails
(`spark.task.maxFailures`, four times unless set); killed, the same command goes on from the pieces that are finished.

Exit code: that of `homefirst plan` where it cannot be planned, else of `homefirst merge`; 1 if Spark gives up, 2 if this command
line is wrong, 6 if pieces or rounds are still missing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys


def arguments():
    """The command line, divided at `--`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, required=True, help="how many tasks")
    parser.add_argument("--work", required=True, help="folder for plan and pieces, seen by all workers")
    parser.add_argument("--out", required=True, help="folder for the results")
    parser.add_argument("--program", default="homefirst", help="the program, as driver and workers see it")
    parser.add_argument("--rounds", type=int, default=1000, help="at most so many rounds (1000)")
    parser.add_argument("--tries", type=int, default=3, help="for one round, beyond what Spark itself does again")
    words = sys.argv[1:]
    at = words.index("--") if "--" in words else len(words)
    args = parser.parse_args(words[:at])
    args.question = words[at + 1 :]
    if not args.question:
        parser.error("the question is missing: -- run FILE")
    if min(args.pieces, args.rounds, args.tries) < 1:
        parser.error("--pieces, --rounds and --tries are whole numbers from 1")
    args.program = shutil.which(args.program) or parser.error(f"there is no program {args.program}; say where with --program")
    args.program = os.path.realpath(args.program)
    return args


def make_pieces(spark, program, work, pieces):
    """Has every piece of the round made that is planned, one by each task."""
    from pyspark.sql.functions import udf

    def make(piece):
        done = subprocess.run(
            [program, "piece", work, str(piece), "--threads", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if done.returncode != 0:
            # Spark reads this as the failure of the task, and tries it again.
            raise RuntimeError(f"piece {piece} ended with exit code {done.returncode}: {done.stdout}")
        return piece

    # A table of the numbers of pieces, each a partition, and so a task, of its own.
    numbers = spark.range(1, pieces + 1, 1, pieces)
    return numbers.select(udf(make, "long")("id")).collect()


def rounds_planned(work):
    """How many rounds the plan has."""
    with open(os.path.join(work, "plan.json"), encoding="utf-8") as plan:
        return len(json.load(plan)["rounds"])


def answer(spark, args):
    """Pieces and merging, until there is an answer or no hope of one: the exit code."""
    tried = 0
    while True:
        planned = rounds_planned(args.work)
        made = make_pieces(spark, args.program, args.work, args.pieces)
        print(f"Spark: {len(made)} pieces of round {planned}", flush=True)
        code = subprocess.run([args.program, "merge", args.work, "--out", args.out]).returncode
        if code != 6:
            return code
        now = rounds_planned(args.work)
        tried = 0 if now > planned else tried + 1
        if now > args.rounds:
            print(f"homefirst_spark: {args.rounds} rounds were not enough; the same command with more --rounds goes on", file=sys.stderr)
            return 6
        if tried >= args.tries:
            print(f"homefirst_spark: pieces are missing after {tried} tries", file=sys.stderr)
            return 6


def main():
    args = arguments()
    plan = [args.program, "plan", *args.question, "--pieces", str(args.pieces), "--out", args.work]
    code = subprocess.run(plan).returncode
    if code != 0:
        return code
    args.work = os.path.realpath(args.work)

    from pyspark.sql import SparkSession

    # Where somebody else made it, as on Databricks, it is theirs to stop.
    theirs = SparkSession.getActiveSession() is not None
    spark = SparkSession.builder.appName("homefirst").getOrCreate()
    try:
        return answer(spark, args)
    except Exception as error:  # Whatever Spark says of a task that failed too often.
        print(f"homefirst_spark: Spark gave up: {error}", file=sys.stderr)
        return 1
    finally:
        if not theirs:
            spark.stop()


if __name__ == "__main__":
    CODE = main()
    if CODE != 0:
        sys.exit(CODE)
