#!/usr/bin/env python3
"""`locksmith record` with real clients against servers that say exactly what came in.

record_test.py PROGRAM [TEST…]
"""
import glob
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import origin

PROGRAM = os.path.abspath(sys.argv.pop(1))
PYTHON = "/usr/bin/python3"
KEY = "ghp_" + "Zq8vN2xW" * 4 + "Lm4T"  # planted: no output may show it
TIME_LIMIT_S = 90

# What a client sends, byte for byte, through the proxy that its environment names.
RAW_CLIENT = """
import os, socket, ssl, sys, urllib.parse
proxy = urllib.parse.urlsplit(os.environ["https_proxy"])
port, request = int(sys.argv[1]), sys.stdin.buffer.read()
s = socket.create_connection((proxy.hostname, proxy.port))
s.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\\r\\n\\r\\n" % port)
assert b" 200 " in s.recv(4096)
s = ssl.create_default_context().wrap_socket(s, server_hostname="127.0.0.1")
s.sendall(request)
while piece := s.recv(4096):
    sys.stdout.buffer.write(piece)
"""


class Ran:
    def __init__(self, done, har):
        self.code, self.out, self.err, self.har = done.returncode, done.stdout, done.stderr.decode(errors="replace"), har

    def requests(self):
        return [entry["request"] for entry in self.har["log"]["entries"]]

    def header_values(self, name):
        return [h["value"] for r in self.requests() for h in r["headers"] if h["name"].lower() == name]


class RecordTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.both, cls.certificate = origin.make_certificate(cls.folder)
        cls.tls, cls.plain = origin.Origin(cls.both), origin.Origin()

    @classmethod
    def tearDownClass(cls):
        cls.tls.close()
        cls.plain.close()
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.temporary = tempfile.mkdtemp(dir=self.folder)
        self.tls.seen.clear()
        self.plain.seen.clear()

    def environment(self, **more):
        keep = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        return keep | {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.temporary, "TMPDIR": self.temporary,
                       "LC_ALL": "C.UTF-8", "SSL_CERT_FILE": self.certificate, "KEY": KEY} | more

    def record(self, *command, options=(), stdin=b"", leaves=0, **variables):
        har = os.path.join(self.folder, "saved.har")
        words = [PROGRAM, "record", "--save", har, *options, "--", *command]
        done = subprocess.run(words, env=self.environment(**variables), input=stdin, capture_output=True, timeout=TIME_LIMIT_S)
        saved = ""
        if os.path.exists(har):
            saved = pathlib.Path(har).read_text()
            os.remove(har)
        for text in (done.stderr.decode(errors="replace"), saved):
            self.assertNotIn(KEY[4:16], text)
        self.assertEqual(self.left_behind(), [])
        return Ran(done, json.loads(saved) if saved else None)

    def left_behind(self):
        return glob.glob(self.temporary + "/locksmith-record-*")

    def url(self, path, server=None):
        server = server or self.tls
        return f"http{'s' if server.context else ''}://127.0.0.1:{server.port}/{path}"

    # --- clients ------------------------------------------------------------------------------------

    def assert_diagnosed(self, ran, count=1):
        self.assertIn(f"127.0.0.1:{self.tls.port}, {count} refused", ran.err)
        self.assertIn("ghp_… (40 characters, sha256 " + hashlib.sha256(KEY.encode()).hexdigest()[:8], ran.err)
        self.assertIn("expired", ran.err)

    def test_curl(self):
        ran = self.record("curl", "-sSf", "-H", f"Authorization: Bearer {KEY}", self.url("refuse"))
        self.assertEqual(ran.code, 22)
        self.assert_diagnosed(ran)
        self.assertEqual(ran.requests()[0]["url"], self.url("refuse"))
        self.assertEqual(ran.har["log"]["entries"][0]["serverIPAddress"], "127.0.0.1")

    def test_python_urllib(self):
        script = f"""
import os, urllib.request
request = urllib.request.Request("{self.url('refuse')}", headers={{"Authorization": "Bearer " + os.environ["KEY"]}})
urllib.request.urlopen(request)"""
        ran = self.record(PYTHON, "-c", script)
        self.assertEqual(ran.code, 1)
        self.assert_diagnosed(ran)

    @unittest.skipIf(subprocess.run([PYTHON, "-c", "import requests"], capture_output=True).returncode, "requests is not here")
    def test_python_requests(self):
        script = f"""
import os, requests
s = requests.Session()
for _ in range(2):
    print(s.get("{self.url('refuse')}", headers={{"Authorization": "Bearer " + os.environ["KEY"]}}).status_code)"""
        ran = self.record(PYTHON, "-c", script)
        self.assertEqual(ran.out, b"401\n401\n")
        self.assert_diagnosed(ran, 2)
        self.assertIn("(2 times)", ran.err)

    @unittest.skipUnless(shutil.which("git"), "git is not here")
    def test_git(self):
        ran = self.record("git", "-c", f"http.extraHeader=Authorization: Bearer {KEY}", "ls-remote", self.url("refuse/r.git"), GIT_TERMINAL_PROMPT="0", GIT_ASKPASS="true")
        self.assertEqual(ran.code, 128)
        self.assertIn("refused; key", ran.err)
        self.assertIn("/info/refs?service=git-upload-pack", ran.requests()[0]["url"])

    @unittest.skipUnless(shutil.which("node"), "node is not here")
    def test_node_fetch_and_https(self):
        script = f"""
const headers = {{ authorization: 'Bearer ' + process.env.KEY }};
const get = (lib, url) => new Promise((done, fail) => require(lib).get(url, {{ headers }}, (r) => {{ r.resume(); r.on('end', () => done(r.statusCode)); }}).on('error', fail));
(async () => {{
  console.log((await fetch('{self.url('refuse')}', {{ headers }})).status, await get('https', '{self.url('refuse')}'), await get('http', '{self.url('ok', self.plain)}'));
  const body = Buffer.alloc(300000, 'x');
  const sent = await fetch('{self.url('upload')}', {{ method: 'POST', body }});
  console.log(await sent.text() === require('crypto').createHash('sha256').update(body).digest('hex'));
}})();"""
        ran = self.record("node", "-e", script, NODE_EXTRA_CA_CERTS=self.certificate)
        self.assertEqual((ran.out, ran.code), (b"401 401 200\ntrue\n", 0), ran.err)
        self.assert_diagnosed(ran, 2)
        self.assertIn(f"1 request to 127.0.0.1:{self.plain.port}, none refused", ran.err)

    @unittest.skipUnless(shutil.which("javac"), "Java is not here")
    def test_java(self):
        source = os.path.join(self.temporary, "Ask.java")
        pathlib.Path(source).write_text(f"""
import java.net.*;
public class Ask {{ public static void main(String[] words) throws Exception {{
  var connection = (HttpURLConnection) new URL("{self.url('refuse')}").openConnection();
  connection.setRequestProperty("Authorization", "Bearer " + System.getenv("KEY"));
  System.out.println(connection.getResponseCode());
}} }}""")
        ran = self.record("java", source)
        self.assertEqual(ran.out, b"401\n", ran.err)
        self.assertIn("1 refused", ran.err)

    def test_plain_http(self):
        ran = self.record("curl", "-sS", "-H", f"Authorization: Bearer {KEY}", self.url("refuse", self.plain), self.url("ok", self.plain))
        self.assertEqual(ran.out, origin.REFUSAL + b'{"things":[1]}')
        self.assertIn(f"2 requests to 127.0.0.1:{self.plain.port}, 1 refused", ran.err)
        self.assertTrue(self.plain.seen[0].startswith(b"GET /refuse HTTP/1.1\r\n"))
        self.assertNotIn(b"Proxy-Connection", self.plain.seen[0])
        self.assertNotIn("Proxy-Connection", [h["name"] for h in ran.requests()[0]["headers"]])
        self.assertEqual(ran.requests()[0]["url"], self.url("refuse", self.plain))

    # --- byte for byte ------------------------------------------------------------------------------

    def test_defects_pass_and_are_seen(self):
        fields = f"Host: x\r\nauthorization: Bearer {KEY} \t\r\nAuthorization:  Basic YTpi\r\nx-oDD:\tv\r\n"
        request = f"GET /refuse/a b HTTP/1.1\r\n{fields}\r\n".encode()
        ran = self.record(PYTHON, "-c", RAW_CLIENT, str(self.tls.port), stdin=request + b"GET /ok HTTP/1.1\r\nConnection: close\r\n\r\n")
        self.assertEqual(self.tls.seen[0], request)
        self.assertEqual(len(ran.requests()), 2, ran.err)
        names = [h["name"] for h in ran.requests()[0]["headers"]]
        self.assertEqual(names, ["Host", "authorization", "Authorization", "x-oDD"])
        values = ran.header_values("authorization")
        self.assertTrue(values[0].endswith(" \t") and values[1].startswith(" Basic"), values)
        self.assertEqual(ran.header_values("x-odd"), ["\tv"])

    def test_redirects_are_one_story(self):
        ran = self.record("curl", "-sSL", "-H", f"Authorization: Bearer {KEY}", self.url("moved"))
        self.assertEqual([e["response"]["status"] for e in ran.har["log"]["entries"]], [302, 401])

    # --- bodies -------------------------------------------------------------------------------------

    def test_fifty_megabytes_each_way_in_little_memory(self):
        big = os.path.join(self.folder, "big")
        with open(big, "wb") as out:
            for _ in range(origin.BIG // len(origin.CHUNK)):
                out.write(origin.CHUNK)
        peak = "grep VmHWM /proc/$PPID/status"
        script = f"curl -sS {self.url('ok')} >&2; {peak}; curl -sS {self.url('big')} | sha256sum; curl -sS -T {big} {self.url('upload')}; echo; {peak}"
        ran = self.record("sh", "-c", script, ASAN_OPTIONS="quarantine_size_mb=8:thread_local_quarantine_size_kb=64")
        before, downloaded, uploaded, after = ran.out.decode().splitlines()
        self.assertEqual(downloaded.split()[0], origin.BIG_SHA)
        self.assertEqual(uploaded, origin.BIG_SHA)
        grown_kb = int(after.split()[1]) - int(before.split()[1])
        self.assertLess(grown_kb, 40 << 10)
        os.remove(big)

    def test_framings(self):
        script = f"curl -sS {self.url('chunked')} | sha256sum; curl -sSI --suppress-connect-headers {self.url('refuse')} | head -1; curl -sS -w '%{{http_code}}\n' {self.url('empty')}"
        ran = self.record("sh", "-c", script)
        lines = ran.out.decode().splitlines()
        wanted = hashlib.sha256(origin.CHUNK[:1] + origin.CHUNK[:255] + origin.CHUNK).hexdigest()
        self.assertEqual([lines[0].split()[0], lines[1], lines[2]], [wanted, "HTTP/1.1 401 Unauthorized", "204"])

    def test_chunked_upload_after_continue(self):
        ran = self.record("curl", "-sS", "-H", "Expect: 100-continue", "--data-binary", "@-", self.url("upload"), stdin=b"a" * 2_000_000)
        self.assertEqual(ran.out.decode(), hashlib.sha256(b"a" * 2_000_000).hexdigest())

    def test_drip_arrives_as_it_drips(self):
        script = f"""
import time, urllib.request
start, answer = time.monotonic(), urllib.request.urlopen("{self.url('drip')}")
answer.read(1)
print(time.monotonic() - start < 1.2)
print(answer.read())"""
        self.assertEqual(self.record(PYTHON, "-c", script).out, b"True\nb'...'\n")

    def test_websocket(self):
        head = b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n\r\n"
        script = RAW_CLIENT.split("while piece")[0] + """
got = s.recv(4096)
frame = bytes(range(256))
s.sendall(frame)
echo = b""
while len(echo) < len(frame): echo += s.recv(4096)
print(b" 101 " in got, echo == frame)
"""
        ran = self.record(PYTHON, "-c", script, str(self.tls.port), stdin=head)
        self.assertEqual(ran.out, b"True True\n", ran.err)
        self.assertEqual(ran.har["log"]["entries"][0]["response"]["status"], 101)

    def test_a_reset_stays_a_reset(self):
        direct = subprocess.run(["curl", "-sS", self.url("reset", self.plain)], env=self.environment(), capture_output=True)
        ran = self.record("curl", "-sS", self.url("reset", self.plain))
        self.assertEqual((ran.code, ran.out), (direct.returncode, b"part"))
        self.assertEqual(self.record("curl", "-sS", self.url("reset")).out, b"part")

    def test_a_client_that_leaves_is_noticed_by_the_server(self):
        ran = self.record("curl", "-sS", "--max-time", "1", self.url("hang"))
        self.assertEqual(ran.code, 28)
        self.assertIn("1 without an answer", ran.err)
        for _ in range(50):
            if b"client left" in self.tls.seen:
                break
            time.sleep(0.1)
        self.assertIn(b"client left", self.tls.seen)

    def test_one_connection_to_two_servers(self):
        other = origin.Origin()
        script = f"""
import os, socket, sys, urllib.parse
proxy = urllib.parse.urlsplit(os.environ["http_proxy"])
s = socket.create_connection((proxy.hostname, proxy.port))
s.sendall(b"".join(b"GET http://127.0.0.1:%d/ok HTTP/1.1\\r\\nX-N: %d\\r\\n\\r\\n" % (port, n) for n, port in enumerate([{self.plain.port}, {other.port}, {other.port}, {self.plain.port}])))
got = b""
while got.count(b"things") < 4: got += s.recv(4096)
print(got.count(b"200 OK"))"""
        ran = self.record(PYTHON, "-c", script)
        self.assertEqual(ran.out, b"4\n", ran.err)
        self.assertEqual((len(self.plain.seen), len(other.seen)), (2, 2))
        other.close()

    def test_an_https_url_asked_of_the_proxy_in_plain(self):  # as axios does
        script = f"""
import os, socket, urllib.parse
proxy = urllib.parse.urlsplit(os.environ["http_proxy"])
s = socket.create_connection((proxy.hostname, proxy.port))
s.sendall(b"GET {self.url('ok')} HTTP/1.1\\r\\nX-Odd:  v \\r\\n\\r\\n")
print(s.recv(4096).count(b"200 OK"))"""
        ran = self.record(PYTHON, "-c", script)
        self.assertEqual(ran.out, b"1\n", ran.err)
        self.assertEqual(self.tls.seen, [b"GET /ok HTTP/1.1\r\nX-Odd:  v \r\n\r\n"])

    # --- what cannot be seen is said, and works --------------------------------------------------------

    def test_a_pinned_certificate(self):
        curl = f"curl -sS --cacert {self.certificate} {self.url('ok')}"
        ran = self.record("sh", "-c", f"{curl}; echo $?; {curl}; echo $?")
        self.assertEqual(ran.out, b'60\n{"things":[1]}0\n')
        self.assertIn("127.0.0.1: the program did not take the recording's certificate", ran.err)
        self.assertIn("--pass", ran.err)

    def test_pass_leaves_a_host_alone(self):
        ran = self.record("curl", "-sS", "--cacert", self.certificate, self.url("ok"), options=["--pass", "127.0.0.1"])
        self.assertEqual((ran.code, ran.out), (0, b'{"things":[1]}'))
        self.assertIn("passed on unseen, as you wished", ran.err)

    def test_a_program_that_ignores_the_proxy(self):
        ran = self.record("curl", "-sS", "--noproxy", "*", self.url("ok"))
        self.assertEqual(ran.code, 0)
        self.assertIn("curl ignored the proxy settings", ran.err)

    def test_a_server_that_only_the_client_trusts(self):
        both, _ = origin.make_certificate(self.folder, "stranger")
        stranger = origin.Origin(both)
        ran = self.record("curl", "-sSk", self.url("ok", stranger))
        self.assertEqual((ran.code, ran.out), (0, b'{"things":[1]}'))
        self.assertIn("the server's certificate could not be verified", ran.err)
        self.assertEqual(self.record("curl", "-sS", self.url("ok", stranger)).code, 60)
        stranger.close()

    def test_a_server_that_wants_a_client_certificate(self):
        mutual = origin.Origin(self.both, ask_for_certificate=self.certificate)
        ran = self.record("curl", "-sS", "--cert", self.both, self.url("ok", mutual))
        self.assertEqual((ran.code, ran.out), (0, b'{"things":[1]}'), ran.err)
        self.assertIn("asks for a client certificate", ran.err)
        mutual.close()

    def test_a_server_that_is_not_there(self):
        closed = origin.Origin()
        closed.close()
        ran = self.record("curl", "-sS", self.url("ok", closed))
        self.assertEqual(ran.out.count(b"Connection refused"), 1)
        self.assertIn("could not be reached (127.0.0.1", ran.err)

    def test_another_protocol(self):
        script = RAW_CLIENT.split("s = ssl")[0] + "s.sendall(request)\nprint(s.recv(100))"
        echo = origin.Server()
        echo.handle = lambda connection: connection.sendall(connection.recv(100)[::-1])
        ran = self.record(PYTHON, "-c", script, str(echo.port), stdin=b"\x00\x01binary")
        self.assertEqual(ran.out, b"b'yranib\\x01\\x00'\n")
        self.assertIn("this is not HTTP/1.1", ran.err)
        echo.close()

    # --- the user's own proxy ---------------------------------------------------------------------------

    def test_the_users_proxy_is_used_with_its_credentials(self):
        credentials = "user:" + "pass" * 3
        proxy = origin.ForwardProxy(credentials)
        ran = self.record("curl", "-sS", self.url("ok"), https_proxy=f"http://{credentials}@127.0.0.1:{proxy.port}")
        self.assertEqual(ran.out, b'{"things":[1]}', ran.err)
        self.assertEqual(len(proxy.seen), 1)
        ran = self.record("curl", "-sS", self.url("ok"), https_proxy=f"http://127.0.0.1:{proxy.port}")
        self.assertEqual(ran.code, 56)
        self.assertIn("407", ran.err)
        self.assertIn("gateway-auth", ran.err)
        ran = self.record("curl", "-sS", self.url("ok"), https_proxy="socks5h://127.0.0.1:1")
        self.assertEqual(ran.code, 2)
        proxy.close()

    # --- the program's own ways -------------------------------------------------------------------------

    def test_streams_and_exit_codes(self):
        ran = self.record("sh", "-c", "cat; echo oops >&2; exit 7", stdin=b"in")
        self.assertEqual((ran.code, ran.out), (7, b"in"))
        self.assertIn("oops", ran.err)
        self.assertEqual(self.record("sh", "-c", "kill -9 $$").code, 128 + 9)
        self.assertEqual(self.record("true", options=["--quiet"]).err, "")
        self.assertEqual(self.record("sh", "-c", "yes | head -1").out, b"y\n")  # SIGPIPE is as usual

    def test_what_cannot_be_run(self):
        ran = self.record("no-such-program")
        self.assertEqual(ran.code, 2)
        self.assertIn("not a program on PATH", ran.err)
        self.assertEqual(subprocess.run([PROGRAM, "record"], capture_output=True).returncode, 2)

    def test_setuid_is_refused(self):
        copy = os.path.join(self.folder, "suid")
        shutil.copy("/bin/true", copy)
        for mode in (0o4755, 0o2755):
            os.chmod(copy, mode)
            ran = self.record(copy)
            self.assertEqual(ran.code, 2)
            self.assertIn("setuid", ran.err)

    def test_no_proxy_is_kept_when_wanted(self):
        show = ["sh", "-c", 'echo "[$NO_PROXY]"']
        self.assertEqual(self.record(*show, NO_PROXY="a.test").out, b"[]\n")
        self.assertEqual(self.record(*show, NO_PROXY="a.test", options=["--keep-no-proxy"]).out, b"[a.test]\n")

    def test_reports_for_programs_and_issues(self):
        curl = ["curl", "-sS", "-H", f"Authorization: Bearer {KEY}", self.url("refuse")]
        report = os.path.join(self.folder, "report.json")
        self.assertEqual(self.record(*curl, options=["--json", "--report", report]).err, "")
        self.assertEqual(json.loads(pathlib.Path(report).read_text())["causes"][0]["cause"], "expired")
        self.assertIn("#", self.record(*curl, options=["--markdown"]).err)

    # --- nothing stays ----------------------------------------------------------------------------------

    def begin(self, *command):
        running = subprocess.Popen([PROGRAM, "record", "--", *command], env=self.environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        running.stdout.readline()
        self.assertEqual(len(self.left_behind()), 1)
        return running

    def test_signals_reach_the_program_and_nothing_stays(self):
        script = "trap 'echo got; exit 3' INT TERM; echo ready; while :; do sleep 0.1; done"
        for number in (signal.SIGINT, signal.SIGTERM):
            running = self.begin("sh", "-c", script)
            running.send_signal(number)
            out, _ = running.communicate(timeout=TIME_LIMIT_S)
            self.assertEqual((out, running.returncode), (b"got\n", 3))
            self.assertEqual(self.left_behind(), [])

    def test_a_kill_leaves_nothing(self):
        running = self.begin("sh", "-c", "echo ready; exec sleep 5")
        folder = self.left_behind()[0]
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        for path in glob.glob(folder + "/*"):
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertNotIn(b"PRIVATE", pathlib.Path(path).read_bytes())
        running.kill()
        running.wait()
        for _ in range(100):
            if not self.left_behind():
                break
            time.sleep(0.1)
        self.assertEqual(self.left_behind(), [])
        running.stdout.close()
        running.stderr.close()

    @unittest.skipIf(os.geteuid() != 0, "only root can become somebody else")
    def test_another_user_is_not_served(self):
        script = f"""
import os, socket, subprocess, sys, urllib.parse
port = urllib.parse.urlsplit(os.environ["http_proxy"]).port
ask = 'import socket; s = socket.create_connection(("127.0.0.1", %d)); s.sendall(b"GET {self.url("ok", self.plain)} HTTP/1.1\\\\r\\\\n\\\\r\\\\n"); print(s.recv(100))' % port
done = subprocess.run([sys.executable, "-c", ask], user=65534, capture_output=True)
print(b"ConnectionReset" in done.stderr, b"200" in done.stdout)"""
        ran = self.record(PYTHON, "-c", script)
        self.assertEqual(ran.out, b"True False\n", ran.err)
        self.assertIn("1 connection of another user's process", ran.err)
        self.assertEqual(self.plain.seen, [])

    def test_it_listens_on_loopback_alone(self):
        ran = self.record("sh", "-c", 'grep -i "$(printf :%04X "${http_proxy##*:}")" /proc/net/tcp /proc/net/tcp6')
        lines = [line.split()[2] for line in ran.out.decode().splitlines()]
        self.assertTrue(lines and all(address.startswith("0100007F:") for address in lines), lines)


if __name__ == "__main__":
    unittest.main()
