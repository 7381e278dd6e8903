"""What bench/serve.sh measures; see there."""
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "tests/authority")
from authority import Authority, ask  # noqa: E402

PROGRAM = sys.argv[1]
KEYS = int(os.environ.get("KEYS", 100_000))
MANY = int(os.environ.get("MANY", 1_000_000))
RUNS = int(os.environ.get("RUNS", 5))
SECONDS = int(os.environ.get("SECONDS_EACH", 3))
CORES = os.cpu_count()
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    """Seconds of processor time of a process with its children."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = (int(fields[11]) + int(fields[12])) / TICK
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu(child) for child in children)


def import_keys(authority, count):
    """Keys that were issued elsewhere: thousands at once. Gives their secrets."""
    account, made = authority.account(), []
    while len(made) < count:
        batch = [f"lks_live_{secrets.token_hex(16)}" for _ in range(min(5000, count - len(made)))]
        reply = authority.admin("POST", "/v1/keys/import", {"keys": [
            {"sha256": hashlib.sha256(key.encode()).hexdigest(), "account": account,
             "environment": "live", "scopes": ["orders:read"]} for key in batch]})
        assert reply.status == 201, reply.body
        made += batch
    return made


def nginx(folder, authority, port, asked_port):
    """On core 0: `return 204`, and the same behind auth_request."""
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    pathlib.Path(f"{folder}/nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; user root;
events {{ worker_connections 512; }}
http {{ access_log off; keepalive_requests 1000000000; {temporary}
upstream locksmith {{ server unix:{authority.socket}; keepalive 64; keepalive_requests 1000000000; }}
server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }}
server {{ listen 127.0.0.1:{asked_port};
  # `return` would answer before auth_request asks: this is what costs least of what comes after.
  location / {{ auth_request /_locksmith; error_page 403 = /_refusal; empty_gif; }}
  location = /_refusal {{ internal; return 403; }}
  location = /_locksmith {{ internal; proxy_pass http://locksmith/v1/forward-auth?proxy=nginx;
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_request_body off;
    proxy_set_header Content-Length ""; proxy_set_header Host $http_host;
    proxy_set_header X-Original-Method $request_method; proxy_set_header X-Original-URI $request_uri;
    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; }}
}} }}""")
    process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-p", folder, "-c", f"{folder}/nginx.conf",
                                "-e", f"{folder}/error.log"])
    time.sleep(1)
    return process


def wrk(face, port, keys_file):
    out = subprocess.run(
        ["taskset", "-c", str(CORES - 1), "wrk", "-t1", "-c32", f"-d{SECONDS}s", "-s", "bench/serve.lua",
         f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True,
        env={**os.environ, "FACE": face, "KEYS_FILE": keys_file}).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return int(re.search(r"(\d+) requests in", out)[1]), int(refused[1]) if refused else 0


def microseconds(pids, face, port, keys_file):
    before = sum(map(cpu, pids))
    requests, refused = wrk(face, port, keys_file)
    return (sum(map(cpu, pids)) - before) / requests * 1e6, refused / requests


def write_import(path, count):
    """Keys that were issued elsewhere, one account per ten."""
    with open(path, "w") as file:
        for i in range(count):
            digest = hashlib.sha256(i.to_bytes(8, "big")).hexdigest()
            file.write(f'{{"sha256":"{digest}","account":"acct_{i // 10:016}","environment":"live",'
                       f'"scopes":["orders:read"]}}\n')


def start_with_many():
    with Authority(PROGRAM) as authority:
        authority.stop()  # it made the store
        lines = authority.folder / "keys.jsonl"
        write_import(lines, MANY)
        subprocess.run([PROGRAM, "keys", "import", lines, "--config", authority.config, "--format", "json",
                        "--create-accounts"], check=True, stdout=subprocess.DEVNULL)
        lines.unlink()
        started = time.monotonic()
        authority.start()
        seconds = time.monotonic() - started
        resident = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{authority.process.pid}/status").read_text())
        print(f"start    {MANY} keys: {seconds:.2f} s, {int(resident[1]) // 1024} MiB resident", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder, Authority(
            PROGRAM, 'max_body = "16MiB"', wrapper=["taskset", "-c", "0"], threads=1) as authority:
        keys_file = f"{folder}/keys"
        pathlib.Path(keys_file).write_text("\n".join(import_keys(authority, KEYS)) + "\n")
        authority.stop()  # so that the keys lie in memory as they do in service: loaded by a start
        authority.start()
        server = nginx(folder, authority, 18204, 18205)
        try:
            own, web = [authority.process.pid], [server.pid]
            cases = {"nginx, return 204": (web, "plain", 18204), "locksmithd, forward-auth": (own, "direct", authority.port),
                     "locksmithd, verify": (own, "verify", authority.port),
                     "nginx with auth_request": (own + web, "plain", 18205)}
            measured = {name: [] for name in cases}
            for _ in range(RUNS):
                for name, (pids, face, port) in cases.items():
                    measured[name].append(microseconds(pids, face, port, keys_file))
        finally:
            server.terminate()
            server.wait()
    bare = [one for one, _ in measured["nginx, return 204"]]
    print(f"CPU per request on one core, {KEYS} keys, 32 connections, median of {RUNS} runs taking turns:")
    for name, runs in measured.items():
        ratios = sorted(one / base for (one, _), base in zip(runs, bare))
        print(f"  {name:26} {statistics.median(one for one, _ in runs):6.2f} µs   "
              f"{statistics.median(ratios):4.2f} of nginx ({ratios[0]:.2f} to {ratios[-1]:.2f})   "
              f"{runs[0][1]:.0%} refused")
    start_with_many()


main()
