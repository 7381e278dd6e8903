#!/usr/bin/env python3
"""The same refusal through real proxies as directly: status, problem body, header fields. The
configurations are those of integrations/, with addresses put in. What is not installed is skipped."""
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from authority import Authority, ask, program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOLD = ["WWW-Authenticate", "Retry-After", "RateLimit-Policy", "Content-Type", "Cache-Control"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Api(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({k.lower(): v for k, v in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_):
        pass


class Proxy:
    """A proxy process in front of `Api`."""

    def __init__(self, name, authority):
        self.folder = tempfile.TemporaryDirectory()
        self.api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.api.handle_error = lambda *_: None  # a proxy may reset what it no longer needs
        threading.Thread(target=self.api.serve_forever, daemon=True).start()
        self.port = free_port()
        command, environment = getattr(self, name)(authority)
        self.log = open(f"{self.folder.name}/log", "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                        env={**os.environ, **environment})
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        said = pathlib.Path(f"{self.folder.name}/log").read_text()
        self.stop()
        raise RuntimeError(said)

    def adapted(self, file, authority, listen):
        text = (ROOT / "integrations" / file).read_text()
        text = text.replace("127.0.0.1:9000", f"127.0.0.1:{self.api.server_address[1]}")
        text = text.replace("/run/locksmith/locksmith.sock", authority.socket)
        return text.replace(*listen)

    def nginx(self, authority):
        site = self.adapted("nginx.conf", authority, ("listen 8080", f"listen 127.0.0.1:{self.port}"))
        d = self.folder.name
        paths = "\n".join(f"{kind}_temp_path {d}/{kind};" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        pathlib.Path(f"{d}/nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {d}/pid; error_log {d}/error.log;\n"
            f"user {'root' if os.getuid() == 0 else 'nobody'};\n"
            f"events {{ worker_connections 256; }}\nhttp {{ access_log off; {paths}\n{site}\n}}\n")
        return ["nginx", "-p", d, "-c", f"{d}/nginx.conf", "-e", f"{d}/error.log"], {}

    def caddy(self, authority):
        site = self.adapted("Caddyfile", authority, (":8080", f"http://127.0.0.1:{self.port}, http://api.example.com:{self.port}"))
        path = f"{self.folder.name}/Caddyfile"
        pathlib.Path(path).write_text("{\n\tadmin off\n\tauto_https off\n}\n" + site)
        return (["caddy", "run", "--config", path, "--adapter", "caddyfile"],
                {"HOME": self.folder.name, "XDG_DATA_HOME": self.folder.name})

    def haproxy(self, authority):
        d = self.folder.name
        site = self.adapted("haproxy.cfg", authority, ("bind :8080", f"bind 127.0.0.1:{self.port}"))
        site = site.replace("/etc/haproxy", d).replace("127.0.0.1:7331", f"127.0.0.1:{authority.port}")
        pathlib.Path(f"{d}/haproxy.cfg").write_text(site)
        shutil.copy(ROOT / "integrations/haproxy.lua", d)
        return ["haproxy", "-db", "-f", f"{d}/haproxy.cfg"], {}

    def ask(self, key, method="GET", target="/v1/orders/7", headers=None, body=None):
        return ask(self.port, method, target, {
            "Host": "api.example.com", **({"Authorization": f"Bearer {key}"} if key else {}),
            **(headers or {})}, body)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.api.shutdown()
        self.api.server_close()
        self.log.close()
        self.folder.cleanup()


class Faithful:
    """Run for each proxy by the classes below."""
    name = ""

    @classmethod
    def setUpClass(cls):
        if not shutil.which(cls.name):
            raise unittest.SkipTest(f"{cls.name} is not here")
        cls.authority = Authority(program())
        cls.addClassCleanup(cls.authority.__exit__)  # also when what follows fails
        cls.authority.start()
        cls.proxy = Proxy(cls.name, cls.authority)
        cls.addClassCleanup(cls.proxy.stop)

    def test_an_allowed_request_arrives_with_its_identity(self):
        account = self.authority.account()
        key_id, secret = self.authority.key(account)
        seen = self.proxy.ask(secret, headers={"X-Locksmith-Account": "forged"})
        self.assertEqual(seen.status, 200, seen.body)
        self.assertEqual(seen.json["x-locksmith-key"], key_id)
        self.assertEqual(seen.json["x-locksmith-account"], account)
        self.assertEqual(seen.json["x-locksmith-scopes"], "orders:read")

    def test_an_open_path_lets_no_forged_identity_through(self):
        seen = self.proxy.ask("", target="/health", headers={"X-Locksmith-Account": "forged"})
        self.assertEqual(seen.status, 200, seen.body)
        self.assertFalse(seen.json.get("x-locksmith-account"))

    def test_a_body_arrives(self):
        _, secret = self.authority.key(self.authority.account(), scopes=["orders:write"])
        seen = self.proxy.ask(secret, "POST", "/v1/orders", body="x" * 5000)
        self.assertEqual(seen.status, 200, seen.body)
        self.assertEqual(seen.json["content-length"], "5000")

    def same(self, secret, target="/v1/orders/7", client="127.0.0.1"):
        direct = self.authority.forward(secret, target=target, client=client)
        through = self.proxy.ask(secret, target=target)
        self.assertEqual(through.status, direct.status, through.body)
        for name in TOLD:
            self.assertEqual(through.headers.get_all(name), direct.headers.get_all(name), name)
        a, b = direct.json, through.json
        for body in (a, b):
            self.assertRegex(body.pop("instance"), "^req_")
            for field in ("retry_after",):
                body.pop(field, None)
        self.assertEqual(a, b)
        self.assertEqual(len(through.headers.get_all("X-Request-Id")), 1)
        self.assertEqual(through.headers["X-Request-Id"], through.json["instance"])
        return through

    def test_refusals_are_the_same_as_directly(self):
        account = self.authority.account()
        self.assertEqual(self.same("").status, 401)
        self.assertEqual(self.same("lks_live_nothing").status, 401)
        _, secret = self.authority.key(account, scopes=[])
        self.assertEqual(self.same(secret).json["cause"], "missing-scope")
        _, secret = self.authority.key(account, addresses=["198.51.100.0/24"])
        self.assertEqual(self.same(secret).json["cause"], "ip-blocked")
        key_id, secret = self.authority.key(account)
        self.assertEqual(self.proxy.ask(secret).status, 200)
        self.authority.admin("POST", f"/v1/keys/{key_id}/revoke", {"reason": "left"})
        self.assertEqual(self.same(secret).json["cause"], "revoked")
        self.assertEqual(self.same(secret, "/v1/unknown").json["cause"], "revoked")

    def test_too_many_requests_stay_429(self):
        _, secret = self.authority.key(self.authority.account(plan="small"))
        for _ in range(3):
            allowed = self.proxy.ask(secret)
            self.assertEqual(allowed.status, 200)
        direct = self.authority.forward(secret)
        through = self.proxy.ask(secret)
        self.assertEqual((direct.status, through.status), (429, 429))
        self.assertTrue(through.headers["Retry-After"])
        self.assertEqual(through.headers["RateLimit-Policy"], direct.headers["RateLimit-Policy"])
        self.assertEqual(through.json["type"], direct.json["type"])

    def test_a_client_cannot_say_which_path_it_asks_for(self):
        _, secret = self.authority.key(self.authority.account(), scopes=["orders:read"])
        forged = {"X-Original-URI": "/health", "X-Original-Method": "GET", "X-Original-URL": "/health",
                  "X-Forwarded-Uri": "/health", "X-Forwarded-Method": "GET"}
        self.assertEqual(self.proxy.ask("", headers=forged).status, 401)
        self.assertEqual(self.proxy.ask(secret, headers=forged).status, 200)

    def test_a_forged_address_is_worth_nothing(self):
        _, secret = self.authority.key(self.authority.account(), addresses=["198.51.100.0/24"])
        refused = self.proxy.ask(secret, headers={"X-Forwarded-For": "198.51.100.7"})
        self.assertEqual(refused.status, 403)


class Nginx(Faithful, unittest.TestCase):
    name = "nginx"


class Caddy(Faithful, unittest.TestCase):
    name = "caddy"


class Haproxy(Faithful, unittest.TestCase):
    name = "haproxy"


if __name__ == "__main__":
    unittest.main()
