#!/usr/bin/env python3
"""Runs the scenarios of tests/lab/scenarios against real servers: run_lab.py LOCKSMITH [NAME…]

Each one is tried three times: by curl, which must be refused as the scenario says (the fault is real); by curl
without the fault, which must be accepted (it is the only one); and by `locksmith why`, which must name it. The
doctor's manners are checked on the way: no key in its output, none at a stranger's, safe methods, six requests at
most. Servers that are not installed are skipped. The exit code is 0 when nothing is broken and at least --threshold
of the causes are right.
"""
import argparse, collections, concurrent.futures, fnmatch, itertools, json, os, pathlib, re, signal
import subprocess, sys, tempfile, time, urllib.parse

import lab_api, scenario as scenarios, servers, walls

MOST_REQUESTS = 6
SAFE = {"GET", "HEAD", "OPTIONS"}
Result = collections.namedtuple("Result", "scenario named probability requests seconds broken report")


class Lab:
    """One topology, running: servers in a chain, the API behind it, a stranger beside it."""

    def __init__(self, folder, example, keys):
        self.folder, self.keys, self.running = folder, keys, []
        self.api, self.stranger = lab_api.listen(), lab_api.listen(walls.Stranger)
        self.names = {"API": self.api.server_port, "STRANGER": self.stranger.server_port,
                      "DIR": folder, "PASSWORD": keys.password, "PROXY_USERS": self.line_of_login()}
        self.front, self.tls, self.proxy = self.api.server_port, False, ""
        self.wall = None
        try:
            if any(table.get("tls") for table in example.server):
                make_certificates(folder)
            self.build(example)
        except BaseException:
            self.close()
            raise

    def line_of_login(self):
        words = ["openssl", "passwd", "-apr1", self.keys.login]
        return "ada:" + subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    def build(self, example):
        for number, table in reversed(list(enumerate(example.server))):
            names = dict(self.names, NEXT=f"127.0.0.1:{self.front}", BEHIND=self.front)
            server = servers.Server(self.folder / f"{number}-{table['kind']}", table, names)
            server.start()
            self.running.append(server)
            if table["kind"] in servers.FORWARD:
                self.proxy = f"127.0.0.1:{server.port}"
            else:
                self.front, self.tls = server.port, bool(table.get("tls"))
        if example.wall:
            self.wall = lab_api.listen(walls.Wall)
            settings = dict(example.wall, next=f"127.0.0.1:{self.front}")
            lab_api.set_up(self.wall, self.wall.arrivals, settings)
            self.proxy = f"127.0.0.1:{self.wall.server_port}" if example.wall.get("forward") else ""
            if not self.proxy:
                self.front = self.wall.server_port

    def close(self):
        for server in self.running:
            server.stop()
        for listener in filter(None, [self.api, self.stranger, self.wall]):
            lab_api.close(listener)


def make_certificates(folder):
    """A server's and a client's, of an authority for this run."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Lab CA",
            "-addext", "basicConstraints=critical,CA:TRUE")
    for name, use in (("server", "serverAuth"), ("client", "clientAuth")):
        hosts = "DNS:*.nimbus.localhost,DNS:localhost,IP:127.0.0.1,IP:::1"
        openssl("req", "-x509", *new, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", f"{name}.key",
                "-out", f"{name}.pem", "-subj", f"/CN={name}", "-addext", f"extendedKeyUsage={use}",
                "-addext", f"subjectAltName={hosts}", "-addext", "basicConstraints=CA:FALSE")
    (folder / "tls.pem").write_text((folder / "server.pem").read_text() +
                                    (folder / "server.key").read_text())


# --- one scenario ---------------------------------------------------------------------------------

def key_of(scenario, keys):
    table = dict(scenario.key)
    claims = table.pop("token", None)
    kind = table.pop("kind", "live")
    table.pop("state", None)
    if table:
        raise scenarios.Mistake(f"{scenario.name}: unknown in [key]: {', '.join(table)}")
    if claims is not None:  # times are seconds from now
        now = int(time.time())
        claims = {n: now + v if n in ("iat", "nbf", "exp") else v for n, v in claims.items()}
        return keys.token(**claims)
    return getattr(keys, kind)


def environment_of(scenario, lab, folder):
    scheme = "https" if lab.tls else "http"
    values = {"KEY": key_of(scenario, lab.keys), "GOOD": lab.keys.live, "OTHER": lab.keys.other,
              "TEST": lab.keys.test, "PASSWORD": lab.keys.password, "LOGIN": lab.keys.login,
              "PORT": lab.front, "URL": f"{scheme}://api.nimbus.localhost:{lab.front}",
              "API": f"http://api.nimbus.localhost:{lab.api.server_port}", "DIR": lab.folder,
              "BAD_TOKEN": lab.keys.token(sub="42") + "x", "GOOD_TOKEN": lab.keys.token(sub="42"),
              "STRANGER": lab.stranger.server_port, "PROXY": lab.proxy, "NOW": int(time.time())}
    values = {name: str(value) for name, value in values.items()}
    fill = lambda text: re.sub(r"@(\w+)@", lambda m: values[m[1]], text)
    for name, text in scenario.files.items():
        (folder / name).write_text(fill(text))
        (folder / name).chmod(0o600)
    keep = {name: value for name, value in os.environ.items()
            if name in ("PATH", "LANG", "TMPDIR") or name.endswith("SAN_OPTIONS")}
    keep["PATH"] += ":/usr/sbin"
    own = {name: fill(value) for name, value in scenario.variables.items()}
    return keep | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)} | values | own


def shell(script, environment, folder, why=""):
    words = ["bash", "-c", script]
    return subprocess.run(words, cwd=folder, env=environment | {"WHY": why}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", timeout=90)


def status_of(script, environment, folder):
    """What curl gets; CURL_HOME makes it say so and nothing else."""
    (folder / "plain").mkdir(exist_ok=True)
    (folder / "plain" / ".curlrc").write_text('silent\noutput = "/dev/null"\nwrite-out = "%{http_code} "\n'
                                              'max-time = 10\n')
    out = shell(script, environment | {"CURL_HOME": str(folder / "plain")}, folder)
    return int((out.stdout.split() or ["0"])[-1])


def broken_promises(lab, scenario, output, report, key):
    secrets = {*lab.keys.secrets(), key}
    if any(piece in output for secret in secrets for piece in (secret, secret[-12:])):
        yield "a key in the output"
    if any(secret in arrival for secret in secrets for arrival in lab.stranger.arrivals):
        yield "a key at the stranger's"
    arrivals = [a.method for a in lab.api.arrivals]
    if not set(arrivals) <= SAFE and "--replay" not in scenario.options:
        yield "an unsafe method"
    if max(len(arrivals) + len(lab.stranger.arrivals), report["requests_sent"]) > MOST_REQUESTS:
        yield f"{report['requests_sent']} requests"
    missing = [box for box in scenario.answered_by if box not in str(report["answered_by"]).lower()]
    if missing:
        yield f"does not name {', '.join(missing)}"


def behaviour_of(scenario, lab):
    return lab_api.Behaviour(lab.keys, scenario.key.get("state", "good"), **scenario.api)


def try_once(scenario, lab, locksmith):
    folder = pathlib.Path(tempfile.mkdtemp(dir=lab.folder, prefix="home-"))
    environment = environment_of(scenario, lab, folder)
    broken = []
    def fresh():
        lab_api.set_up(lab.api, lab.api.arrivals, behaviour_of(scenario, lab))
        shell(scenario.before, environment, folder)
        lab.api.arrivals.clear()
        lab.stranger.arrivals.clear()
    fresh()
    if (status := status_of(scenario.run, environment, folder)) != scenario.status:
        broken.append(f"the scenario: curl got {status}, not {scenario.status}")
    good = dict(environment)
    lab_api.set_up(lab.api, lab.api.arrivals, lab_api.Behaviour(lab.keys, **scenario.api))
    if not 200 <= (status := status_of(scenario.works, good, folder)) < 300:
        broken.append(f"the scenario: without the fault curl got {status}")
    fresh()
    why = [locksmith, "why", "--json", *scenario.options]
    if scenario.catalogue:
        why += ["--catalogue", str(scenarios.FOLDER / "catalogue" / f"{scenario.catalogue}.toml")]
    began = time.monotonic()
    out = shell(scenario.run, environment, folder, " ".join(why))
    seconds = time.monotonic() - began
    try:
        report = json.loads(out.stdout[out.stdout.index("{"):])
    except ValueError:
        broken.append(f"no report: {out.stderr.strip()[-200:]} (exit {out.returncode})")
        return Result(scenario, "-", 0.0, 0, seconds, broken, {})
    broken += broken_promises(lab, scenario, out.stdout + out.stderr, report, environment["KEY"])
    if not report["causes"]:
        return Result(scenario, report["outcome"], 0.0, report["requests_sent"], seconds, broken, report)
    first = report["causes"][0]
    return Result(scenario, first["cause"], first["probability"], report["requests_sent"], seconds, broken,
                  report)


def run_topology(group, folder, locksmith, seed):
    folder.mkdir()
    folder.chmod(0o755)
    try:
        lab = Lab(folder, group[0], lab_api.Keys(seed))
    except servers.DidNotStart as error:
        return [Result(scenario, "-", 0.0, 0, 0.0, [str(error)], {}) for scenario in group]
    try:
        return [try_once(scenario, lab, locksmith) for scenario in group]
    finally:
        lab.close()


# --- all of them ------------------------------------------------------------------------------------

def right(result):
    return result.named in result.scenario.expected


def row(result):
    mark = "✗" if result.broken else " " if right(result) else "≠"
    planted = result.scenario.cause + ("*" if result.scenario.catalogue else "")
    print(f"{mark} {result.scenario.name:<34} {planted:<24} {result.named:<24} "
          f"{result.probability:>5.0%} {result.requests:>3}", flush=True)
    for promise in result.broken:
        print(f"    broken: {promise}")


def totals(results, skipped, seconds):
    told = [r for r in results if right(r)]
    known = [r for r in results if r.scenario.catalogue]
    share = lambda part, whole: f"{len(part)} of {len(whole)}"
    requests = sum(r.requests for r in results) / max(1, len(results))
    print(f"\nright: {share(told, results)}"
          f" · with a file for the API (*): {share([r for r in known if right(r)], known)}"
          f" · without: {share([r for r in told if not r.scenario.catalogue], [r for r in results if not r.scenario.catalogue])}"
          f" · requests: {requests:.1f} on average, {max(r.requests for r in results)} at most"
          f" · {seconds:.0f} s")
    undecided = [r for r in results if r.report.get("outcome") == "undetermined"]
    wrong = [r for r in results if not right(r) and r.report.get("outcome") == "cause"]
    print(f"of these undetermined: {len(undecided)} · named with confidence, and wrong: {len(wrong)}")
    for kind, names in sorted(skipped.items()):
        print(f"skipped, as {kind} is not installed: {', '.join(names)}")
    for result in (r for r in results if not right(r)):
        print(f"missed: {result.scenario.name}: {result.scenario.title}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("locksmith", type=os.path.abspath)
    parser.add_argument("names", nargs="*", help="scenarios, or patterns of their names")
    parser.add_argument("--only", metavar="KINDS", help="scenarios that need no other servers than these")
    parser.add_argument("--threshold", type=float, default=0.95)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", metavar="FILE", help="write every report there")
    return parser.parse_args()


def chosen(options):
    found = scenarios.read_all()
    if options.names:
        found = [s for s in found if any(fnmatch.fnmatch(s.name, name) for name in options.names)]
    if options.only is not None:
        found = [s for s in found if s.kinds <= set(options.only.split(","))]
    skipped = collections.defaultdict(list)
    for scenario in found[:]:
        for kind in scenario.kinds:
            try:
                servers.program("apache2" if kind == "apache" else kind)
            except servers.NotInstalled:
                skipped[kind].append(scenario.name)
    missing = set(itertools.chain(*skipped.values()))
    groups = collections.defaultdict(list)
    for scenario in found:
        if scenario.name not in missing:
            groups[scenario.topology].append(scenario)
    return list(groups.values()), skipped


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # finally-clauses stop the servers
    groups, skipped = chosen(options)
    if not groups:
        print("no scenario can run here:", dict(skipped))
        return 1 if not skipped else 0
    began, results = time.monotonic(), []
    print(f"  {'scenario':<34} {'planted':<24} {'named':<24} {'sure':>5} {'req':>3}")
    with tempfile.TemporaryDirectory(prefix="locksmith-lab-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            work = [pool.submit(run_topology, group, pathlib.Path(folder) / str(number),
                                options.locksmith, options.seed) for number, group in enumerate(groups)]
            for done in concurrent.futures.as_completed(work):
                for result in done.result():
                    row(result)
                    results.append(result)
    totals(results, skipped, time.monotonic() - began)
    if options.json:
        reports = {r.scenario.name: r.report | {"planted": r.scenario.cause} for r in results}
        pathlib.Path(options.json).write_text(json.dumps(reports, indent=1))
    share = sum(map(right, results)) / len(results)
    return 0 if share >= options.threshold and not any(r.broken for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
