"""A locksmithd of its own for a test: a folder, a policy, a store, an administrator's key."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

POLICY = """
[server]
listen = ["127.0.0.1:0"]
socket = "{folder}/l.sock"
store = "{folder}/l.db"
threads = {threads}
max_connections = 10000
trusted_proxies = ["127.0.0.1"]
{server}
[[environment]]
name = "live"
prefix = "lks_live_"
[[plan]]
name = "small"
rate = "3/hour"
[[api]]
name = "orders"
hosts = ["api.example.com"]
environment = "live"
unlisted = "refuse"
[[api.endpoint]]
methods = ["GET"]
path = "/v1/orders/{{id}}"
scopes = ["orders:read"]
[[api.endpoint]]
methods = ["POST"]
path = "/v1/orders"
scopes = ["orders:write"]
[[api.endpoint]]
path = "/health"
open = true
"""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


def ask(port, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class Authority:
    """With `with`. The process is stopped and its folder removed at the end."""

    def __init__(self, program, server="", arguments=(), wrapper=(), threads=2):
        self.program, self.arguments, self.wrapper = program, list(arguments), list(wrapper)
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.socket = f"{self.folder}/l.sock"
        self.config = self.folder / "locksmith.toml"
        self.config.write_text(POLICY.format(folder=self.folder, server=server, threads=threads))
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.temporary.cleanup()

    def start(self):
        self.log = open(self.folder / "log", "ab")
        before = (self.folder / "log").stat().st_size
        self.process = subprocess.Popen(
            [*self.wrapper, self.program, "serve", "--config", str(self.config), *self.arguments],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        for _ in range(600):
            found = re.search(r"\(port (\d+)\)", self.said()[before:])
            if found:
                self.port = int(found[1])
                break
            if self.process.poll() is not None:
                raise RuntimeError(f"locksmithd ended: {self.said()}")
            time.sleep(0.05)
        else:
            raise RuntimeError(f"locksmithd does not listen: {self.said()}")
        key = self.folder / "l.db.admin-key"
        if key.exists():
            self.admin_key = key.read_text().strip()

    def said(self):
        return (self.folder / "log").read_text()

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        self.log.close()
        return self.process.returncode

    def ask(self, method, path, headers=None, body=None):
        return ask(self.port, method, path, headers, body)

    def admin(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.admin_key}"}
        return self.ask(method, path, headers, None if body is None else json.dumps(body))

    def account(self, **more):
        return self.admin("POST", "/v1/accounts", {"name": "A", **more}).json["id"]

    def key(self, account, **more):
        reply = self.admin("POST", "/v1/keys", {"account": account, "environment": "live",
                                                "scopes": ["orders:read"], **more})
        assert reply.status == 201, reply.body
        return reply.json["id"], reply.json["secret"]

    def forward(self, key, method="GET", target="/v1/orders/7", client="192.0.2.7"):
        return self.ask("GET", "/v1/forward-auth", {
            **({"Authorization": f"Bearer {key}"} if key else {}), "X-Forwarded-Method": method,
            "X-Forwarded-Uri": target, "X-Forwarded-Host": "api.example.com",
            "X-Forwarded-For": client})


def program():
    return os.environ["LOCKSMITHD"]
