#!/usr/bin/env python3
"""scenes.py LOCKSMITH LOCKSMITHD: an API behind nginx and the authority, one planted fault after the
other as a real key, policy or proxy, and what `locksmith why` names. Part of `make demo`; with
--check it says only what went wrong, and is a test."""
import base64
import datetime
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from authority import Authority

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

POLICY = """
default_plan = "free"
[server]
listen = ["127.0.0.1:0"]
socket = "{folder}/l.sock"
store = "{folder}/l.db"
[[leak_reporter]]
key_identifier = "github"
public_key = '''
{public_key}'''
[[plan]]
name = "free"
[[plan]]
name = "tiny"
rate = "1/hour"
[[plan]]
name = "paid"
[[api]]
name = "orders"
environment = "live"
unlisted = "refuse"
[[api.endpoint]]
methods = ["GET"]
path = "/v1/orders"
scopes = ["orders:read"]
[[api.endpoint]]
methods = ["GET"]
path = "/v1/invoices"
scopes = ["invoices:read"]
[[api.endpoint]]
path = "/v1/reports"
plans = ["paid"]
"""


class Api(http.server.BaseHTTPRequestHandler):
    """What the keys are for: it lets everybody in, and never sees who may not."""

    def do_GET(self):
        body = b'{"orders":[]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def key_pair(path):
    """Of somebody who reports leaks: the private half in `path`, the public one as text."""
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path],
                   check=True, capture_output=True)
    return subprocess.run(["openssl", "ec", "-in", path, "-pubout"], check=True, capture_output=True,
                          text=True).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Nginx:
    """The recipe of integrations/nginx.conf; beside it a proxy that forgets the Authorization."""

    def __init__(self, folder, unix_socket, api_port):
        self.port, self.forgetful = free_port(), free_port()
        site = (ROOT / "integrations/nginx.conf").read_text()
        for old, new in (("127.0.0.1:9000", f"127.0.0.1:{api_port}"),
                         ("/run/locksmith/locksmith.sock", unix_socket),
                         ("listen 8080", f"listen 127.0.0.1:{self.port}")):
            assert old in site, old
            site = site.replace(old, new)
        paths = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
user {'root' if os.getuid() == 0 else 'nobody'};
events {{ worker_connections 64; }}
http {{
  access_log off;
  {paths}
  {site}
  server {{
    listen 127.0.0.1:{self.forgetful};
    location / {{
      proxy_set_header Authorization "";
      proxy_pass http://127.0.0.1:{self.port};
    }}
  }}
}}
""")
        self.process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError((folder / "error.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Scenes:
    """Each method plants one fault and gives the shell command that fails by it."""

    def __init__(self, authority, nginx):
        self.authority = authority
        self.url = f"http://127.0.0.1:{nginx.port}"
        self.forgetful = f"http://127.0.0.1:{nginx.forgetful}"
        self.account = authority.account()

    def key(self, account=None, **more):
        return self.authority.key(account or self.account, **more)

    def bearer(self, key, path="/v1/orders", url=None, more=""):
        return key, f'curl -H "Authorization: Bearer $KEY" {more}{url or self.url}{path}'

    def state(self, action, body=None):
        key_id, secret = self.key()
        reply = self.authority.admin("POST", f"/v1/keys/{key_id}/{action}", body or {})
        assert reply.status < 300, reply.body
        return self.bearer(secret)

    def expired(self):
        """expired: the key was for two seconds"""
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        _, secret = self.key(expires=end.strftime("%Y-%m-%dT%H:%M:%SZ"))
        time.sleep(3)
        return self.bearer(secret)

    def revoked(self):
        """revoked: an administrator revoked the key, and said why"""
        return self.state("revoke", {"reason": "the contractor left"})

    def rotated(self):
        """revoked: the key was rotated, and the grace period is over"""
        return self.state("rotate", {"grace": "0s"})

    def leaked(self):
        """leaked: GitHub found the key in a public repository, and reported it"""
        _, secret = self.key()
        payload = json.dumps([{"token": secret, "type": "locksmith", "source": "content",
                               "url": "https://github.com/someone/something/blob/main/.env"}])
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.authority.folder / "github.pem"],
                                   input=payload.encode(), capture_output=True, check=True).stdout
        reply = self.authority.ask("POST", "/v1/leaks/github", {
            "Github-Public-Key-Identifier": "github",
            "Github-Public-Key-Signature": base64.b64encode(signature).decode()}, payload)
        assert reply.status == 200, reply.body
        return self.bearer(secret)

    def suspended(self):
        """account-suspended: the account's bill was not paid"""
        account = self.authority.account()
        _, secret = self.key(account)
        reply = self.authority.admin("POST", f"/v1/accounts/{account}/suspend", {"reason": "unpaid"})
        assert reply.status < 300, reply.body
        return self.bearer(secret)

    def scope(self):
        """missing-scope: the key may read orders, and invoices are asked for"""
        return self.bearer(self.key()[1], "/v1/invoices")

    def address(self):
        """ip-blocked: the key may be used from one office only"""
        return self.bearer(self.key(addresses=["198.51.100.0/24"])[1])

    def origin(self):
        """referrer-blocked: the key is for one web site"""
        return self.bearer(self.key(origins=["https://app.example.com"])[1],
                           more='-H "Origin: https://evil.example" ')

    def plan(self):
        """plan-required: reports take the paid plan"""
        return self.bearer(self.key()[1], "/v1/reports")

    def rate(self):
        """rate-limited: one request per hour, and it was made"""
        _, secret = self.key(self.authority.account(plan="tiny"))
        key, command = self.bearer(secret)
        subprocess.run(["bash", "-c", command.replace("curl", "curl -s -o /dev/null")],
                       env={**os.environ, "KEY": key}, check=True)
        return key, command

    def test_key(self):
        """wrong-environment: a test key on the live API"""
        return self.bearer(self.key(environment="test")[1])

    def newline(self):
        """whitespace: the key was read from a file, line feed and all"""
        return self.bearer(self.key()[1] + "\r\n")

    def cut(self):
        """malformed: four characters were left behind when the key was copied"""
        return self.bearer(self.key()[1][:-4])

    def wrong_header(self):
        """wrong-header: the key is in X-Api-Key, and this API reads Authorization"""
        return self.key()[1], f'curl -H "X-Api-Key: $KEY" {self.url}/v1/orders'

    def key_id(self):
        """wrong-credential-type: the key's id was sent in place of the key"""
        return self.bearer(self.key()[0])

    def path(self):
        """wrong-endpoint: there is no such path"""
        return self.bearer(self.key()[1], "/v2/orders")

    def none(self):
        """missing: no key at all"""
        return "", f"curl {self.url}/v1/orders"

    def stripped(self):
        """proxy-stripped: a second proxy in front drops the Authorization header"""
        return self.bearer(self.key()[1], url=self.forgetful)

    ALL = [expired, revoked, rotated, leaked, suspended, scope, address, origin, plan, rate, test_key, newline,
           cut, wrong_header, key_id, path, none, stripped]


def diagnose(locksmith, key, command, folder):
    done = subprocess.run(["bash", "-c", f"exec {locksmith} why --json {command}"], cwd=folder,
                          capture_output=True, text=True, timeout=120,
                          env={**os.environ, "KEY": key, "HOME": str(folder), "XDG_CONFIG_HOME": "/nowhere"})
    if key.strip() and key.strip() in done.stdout + done.stderr and not key.startswith("key_"):
        raise AssertionError("the key stands in the output")
    return json.loads(done.stdout)


def main():
    check = "--check" in sys.argv
    locksmith, locksmithd = [str(pathlib.Path(word).resolve()) for word in sys.argv[1:]
                             if not word.startswith("--")]
    if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
        print("nginx is not here")
        sys.exit(77 if check else 1)
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    authority = Authority(locksmithd)
    authority.config.write_text(POLICY.format(folder=authority.folder,
                                              public_key=key_pair(authority.folder / "github.pem")))
    wrong = 0
    with authority, tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        nginx = Nginx(folder, authority.socket, api.server_address[1])
        try:
            scenes = Scenes(authority, nginx)
            for number, scene in enumerate(Scenes.ALL, 1):
                cause, planted = re.match(r"([a-z-]+): (.*)", scene.__doc__).groups()
                key, command = scene(scenes)
                report = diagnose(locksmith, key, command, folder)
                first = report["causes"][0] if report.get("causes") else {}
                named = first.get("cause") if report["outcome"] == "cause" else report["outcome"]
                right = named == cause
                wrong += not right
                if not check or not right:
                    told = first.get("findings", [{}])[0].get("text", "")
                    print(f"{number:>3}. {planted}\n     {'=' if right else '≠'} {named} "
                          f"({first.get('probability', 0):.0%}, {report['requests_sent']} requests)"
                          f"{'' if right else ', planted: ' + cause}\n     {told}\n")
        finally:
            nginx.stop()
            api.shutdown()
    print(f"{len(Scenes.ALL) - wrong} of {len(Scenes.ALL)} causes named as they were planted")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
