#!/usr/bin/env python3
"""The real locksmithd: starting, stopping, reloading, being killed, being leaned on; and that its
answers are what openapi.json says."""
import http.client
import json
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

import jsonschema

from authority import Authority, UnixConnection, program


class Process(unittest.TestCase):
    def test_check_tells_all_faults(self):
        with Authority(program()) as authority:
            run = lambda: subprocess.run([program(), "serve", "--check", "--config", authority.config],
                                         capture_output=True, text=True)
            self.assertEqual(run().returncode, 0, run().stderr)
            authority.config.write_text("[server]\nthreds = 1\nlisten = [\"nowhere\"]\n[[api]]\nname = 1\n")
            refused = run()
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("threds", refused.stderr)

    def test_the_first_key_of_an_administrator_is_made_once(self):
        with Authority(program()) as authority:
            key = authority.folder / "l.db.admin-key"
            self.assertEqual(key.stat().st_mode & 0o777, 0o600)
            self.assertEqual(authority.admin("GET", "/v1/keys").status, 200)
            key.unlink()
            self.assertEqual(authority.stop(), 0)
            authority.start()
            self.assertFalse(key.exists())
            self.assertEqual(authority.admin("GET", "/v1/keys").status, 200)
            self.assertNotIn(authority.admin_key, authority.said())

    def test_a_second_one_on_the_same_store_is_refused(self):
        with Authority(program()) as authority:
            second = subprocess.run([program(), "serve", "--config", authority.config],
                                    capture_output=True, text=True, timeout=60)
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("error:", second.stderr)
            self.assertEqual(authority.ask("GET", "/healthz").status, 200)

    def test_reload_takes_a_good_policy_and_keeps_the_old_one_for_a_faulty_one(self):
        with Authority(program()) as authority:
            _, secret = authority.key(authority.account())
            self.assertEqual(authority.forward(secret, target="/v1/new").status, 404)
            good = authority.config.read_text()
            authority.config.write_text(good + "\n[[nonsense]]\n")
            authority.process.send_signal(signal.SIGHUP)
            self.wait(lambda: "the old policy stays" in authority.said())
            self.assertEqual(authority.forward(secret).status, 200)
            authority.config.write_text(good.replace('unlisted = "refuse"', 'unlisted = "allow"'))
            authority.process.send_signal(signal.SIGHUP)
            self.wait(lambda: authority.forward(secret, target="/v1/new").status == 200)

    def wait(self, condition):
        for _ in range(200):
            if condition():
                return
            time.sleep(0.05)
        self.fail("it did not happen")

    def test_the_unix_socket_answers_and_is_removed_at_the_end(self):
        with Authority(program()) as authority:
            connection = UnixConnection(authority.socket)
            connection.request("GET", "/healthz")
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()
            self.assertEqual(authority.stop(), 0)
            self.assertFalse((authority.folder / "l.sock").exists())

    def test_what_was_acknowledged_outlives_a_kill(self):
        with Authority(program()) as authority:
            account = authority.account()
            acknowledged, stop = [], threading.Event()

            def write():
                while not stop.is_set():
                    try:
                        acknowledged.append(authority.key(account))
                    except (OSError, http.client.HTTPException):
                        return

            writers = [threading.Thread(target=write) for _ in range(4)]
            for one in writers:
                one.start()
            self.wait(lambda: len(acknowledged) > 20)
            authority.process.kill()
            stop.set()
            for one in writers:
                one.join()
            authority.stop()
            authority.start()
            for key_id, secret in acknowledged:
                self.assertEqual(authority.forward(secret).status, 200, key_id)

    def test_connections_that_send_nothing_keep_nobody_out(self):
        import resource
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        count = min(5000, hard - 200)
        with Authority(program()) as authority:
            _, secret = authority.key(authority.account())
            idle = []
            try:
                for _ in range(count):
                    idle.append(socket.create_connection(("127.0.0.1", authority.port), 20))
                for _ in range(20):
                    self.assertEqual(authority.forward(secret).status, 200)
                metrics = authority.ask("GET", "/metrics").body.decode()
                self.assertGreater(float(re.search(r"^locksmith_connections (\S+)", metrics, re.M)[1]),
                                   count * 0.9)
            finally:
                for one in idle:
                    one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_no_key_is_in_the_log_or_the_store(self):
        with Authority(program()) as authority:
            authority.stop()
            authority.arguments = ["--record-allowed", "--access-log", f"{authority.folder}/access"]
            authority.start()
            _, secret = authority.key(authority.account())
            authority.forward(secret)
            authority.forward(secret + "x")
            authority.forward(secret, target=f"/v1/orders/{secret}?api_key={secret}")
            authority.ask("GET", f"/{secret}")
            authority.admin("GET", f"/v1/keys/{secret}")
            decisions = authority.admin("GET", "/v1/decisions").json["items"]
            self.assertGreaterEqual(len(decisions), 3)
            self.assertTrue(any(one["allowed"] for one in decisions))
            authority.stop()
            lines = [json.loads(line)
                     for line in (authority.folder / "access").read_text().splitlines()]
            self.assertIn(("/v1/forward-auth", 200), [(one["path"], one["status"]) for one in lines])
            for path in authority.folder.iterdir():
                if path.is_file():
                    held = path.read_bytes()
                    self.assertNotIn(secret[12:24].encode(), held, path.name)
                    if path.name != "l.db.admin-key":
                        self.assertNotIn(authority.admin_key[12:24].encode(), held, path.name)


class Wire(unittest.TestCase):
    """Over a plain socket: what is no proper HTTP."""

    @classmethod
    def setUpClass(cls):
        cls.authority = Authority(program(), 'max_header = "4KiB"\nmax_body = "8KiB"\nheader_timeout = "1s"\n')
        cls.authority.start()

    @classmethod
    def tearDownClass(cls):
        cls.authority.stop()
        cls.authority.temporary.cleanup()

    def exchange(self, sent):
        with socket.create_connection(("127.0.0.1", self.authority.port), 10) as one:
            one.sendall(sent)
            received = b""
            while piece := one.recv(65536):
                received += piece
            return received

    def test_smuggling_is_refused_and_closes(self):
        head = b"POST /v1/verify HTTP/1.1\r\nHost: a\r\n"
        for bad in (b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    b"X: a\r\n b\r\n\r\n", b"X: a\rb\r\n\r\n", b"X: a\x00b\r\n\r\n",
                    b"X : a\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"):
            answers = self.exchange(head + bad + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertTrue(answers.startswith(b"HTTP/1.1 400 "), (bad, answers))
            self.assertEqual(answers.count(b"HTTP/1.1 "), 1, bad)

    def test_limits(self):
        big = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 5000 + b"\r\n\r\n"
        self.assertTrue(self.exchange(big).startswith(b"HTTP/1.1 431 "))
        body = b"POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"
        self.assertTrue(self.exchange(body).startswith(b"HTTP/1.1 413 "))

    def test_a_request_cut_anywhere_harms_nobody(self):
        whole = (b"POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n" b'{"key":"a"}')
        for size in range(len(whole)):
            with socket.create_connection(("127.0.0.1", self.authority.port), 10) as one:
                one.sendall(whole[:size])
        self.assertEqual(self.authority.ask("GET", "/healthz").status, 200)

    def test_a_head_that_does_not_come_is_waited_for_only_so_long(self):
        self.assertEqual(self.exchange(b"GET / HT"), b"")


class Described(unittest.TestCase):
    """Every JSON answer is valid by the schema that openapi.json gives for it."""

    def check(self, method, path, reply, template=None):
        operation = self.document["paths"][template or path.split("?")[0]][method.lower()]
        answers = operation["responses"]
        answer = answers.get(str(reply.status))
        self.assertIsNotNone(answer, f"{method} {path} gave {reply.status}: {reply.body}")
        kind = reply.headers["Content-Type"].split(";")[0]
        self.assertIn(kind, answer["content"])
        if "json" in kind:
            schema = {"components": self.document["components"], **answer["content"][kind]["schema"]}
            jsonschema.Draft202012Validator(schema).validate(reply.json)
        return reply

    def test_answers(self):
        with Authority(program()) as authority:
            self.document = authority.ask("GET", "/openapi.json").json
            admin = lambda m, p, b=None, t=None: self.check(m, p, authority.admin(m, p, b), t)
            account = admin("POST", "/v1/accounts", {
                "name": "A", "plan": "small", "quota": {"requests": 5, "period": "day"},
                "rate": {"requests": 100}, "metadata": {"a": [1]}}).json["id"]
            one = f"/v1/accounts/{account}"
            admin("PATCH", one, {"name": "B"}, "/v1/accounts/{id}")
            admin("GET", one, None, "/v1/accounts/{id}")
            admin("GET", "/v1/accounts?limit=1")
            made = admin("POST", "/v1/keys", {
                "account": account, "environment": "live", "scopes": ["orders:read"],
                "rate": {"requests": 50, "period_seconds": 60}, "expires": "2099-01-01T00:00:00Z"}).json
            admin("POST", "/v1/keys", {"account": account})
            admin("POST", "/v1/keys", {"acount": account})
            key = f"/v1/keys/{made['id']}"
            admin("GET", key, None, "/v1/keys/{id}")
            admin("GET", "/v1/keys/none", None, "/v1/keys/{id}")
            admin("PATCH", key, {"name": "n", "addresses": ["127.0.0.0/8", "192.0.2.0/24"]}, "/v1/keys/{id}")
            admin("GET", "/v1/keys?state=active")
            asked = {"key": made["secret"], "scopes": ["orders:read", "orders:write"], "ip": "203.0.113.1"}
            for body in (asked, {**asked, "scopes": [], "ip": "192.0.2.1"}, {"key": "x"}, {"kee": 1}):
                self.check("POST", "/v1/verify", authority.ask("POST", "/v1/verify", None, json.dumps(body)))
            bearer = {"Authorization": f"Bearer {made['secret']}"}
            self.check("GET", "/v1/whoami", authority.ask("GET", "/v1/whoami", bearer))
            self.check("GET", "/v1/whoami", authority.ask("GET", "/v1/whoami"))
            refused = self.check("GET", "/v1/forward-auth", authority.forward(made["secret"], "POST", "/v1/orders"))
            self.check("GET", "/v1/forward-auth", authority.ask("GET", "/v1/forward-auth"))
            decision = f"/v1/decisions/{refused.headers['X-Request-Id']}"
            admin("GET", decision, None, "/v1/decisions/{id}")
            admin("GET", "/v1/decisions/none", None, "/v1/decisions/{id}")
            admin("GET", "/v1/decisions?allowed=false")
            admin("GET", key + "/uses", None, "/v1/keys/{id}/uses")
            admin("POST", key + "/rotate", {"grace": "24h", "finish_when_unused": "6h"}, "/v1/keys/{id}/rotate")
            admin("POST", key + "/revoke", {"reason": "r"}, "/v1/keys/{id}/revoke")
            admin("GET", key, None, "/v1/keys/{id}")
            admin("POST", "/v1/keys/import", {"keys": [{"sha256": "00" * 32, "account": account, "environment": "live"}]})
            admin("POST", one + "/suspend", {"reason": "r"}, "/v1/accounts/{id}/suspend")
            admin("POST", one + "/resume", None, "/v1/accounts/{id}/resume")
            self.check("POST", "/v1/leaks/github", authority.ask("POST", "/v1/leaks/github", None, "[]"))
            self.check("GET", "/v1/keys", authority.ask("GET", "/v1/keys"))
            self.check("GET", "/v1/keys", authority.ask("GET", "/v1/keys", bearer))
            for path in ("/healthz", "/readyz", "/metrics", "/causes/"):
                self.check("GET", path, authority.ask("GET", path))
            self.check("GET", "/causes/expired", authority.ask("GET", "/causes/expired"), "/causes/{slug}")
            self.check("GET", "/causes/none", authority.ask("GET", "/causes/none"), "/causes/{slug}")


if __name__ == "__main__":
    unittest.main()
