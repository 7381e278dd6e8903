"""Runs `locksmith why --offline --json` over a folder of cases and scores it: accuracy.py PROGRAM FOLDER
JOBS. FOLDER/truth.jsonl has a line per case: {"id", "truth", "also": [equally right], "evidence_level"};
the case itself is FOLDER/ID.har. Exit 0 whatever the score; tests hold the floor."""
import collections
import concurrent.futures
import json
import pathlib
import subprocess
import sys

program, folder, jobs = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
truth_file = folder / "truth.jsonl"
if not truth_file.exists():
    sys.exit(f"error: no cases in {folder}\n       CASES=DIR names a folder with truth.jsonl and ID.har files")
cases = [json.loads(line) for line in truth_file.read_text().splitlines() if line.strip()]


def diagnose(case):
    done = subprocess.run([program, "why", "--offline", "--json", str(folder / f"{case['id']}.har")],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"outcome": f"broken (exit {done.returncode})", "causes": []}


def score(case, report):
    right = {case["truth"], *case.get("also", [])}
    ranked = [cause["cause"] for cause in report["causes"]]
    yield "cases"
    if report["outcome"] == "cause":
        yield "named right" if ranked[0] in right else "named wrong"
    else:
        yield "not named"
    if right.intersection(ranked[:1]):
        yield "first"
    if right.intersection(ranked[:3]):
        yield "among three"


with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    reports = list(pool.map(diagnose, cases))
counts = collections.defaultdict(collections.Counter)
misses = []
for case, report in zip(cases, reports):
    scored = list(score(case, report))
    for group in ("all", case.get("evidence_level", "?")):
        counts[group].update(scored)
    if "first" not in scored:
        leaders = ", ".join(f"{c['cause']} {c['probability']:.0%}" for c in report["causes"][:3])
        misses.append(f"  {case['id']:28} true: {case['truth']:24} {report['outcome']}: {leaders}")

columns = ["cases", "named right", "named wrong", "not named", "first", "among three"]
if misses:
    print("Not first:", *sorted(misses), "", sep="\n")
print(f"{'evidence':16}" + "".join(f"{column:>13}" for column in columns))
for group, row in sorted(counts.items(), key=lambda item: item[0] != "all"):
    print(f"{group:16}" + "".join(f"{row[column]:13}" for column in columns))
whole = counts["all"]
print(f"\nnamed: {whole['named right'] + whole['named wrong']} of {whole['cases']}; right when named: "
      f"{whole['named right'] / max(1, whole['named right'] + whole['named wrong']):.1%}")
