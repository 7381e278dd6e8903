#!/usr/bin/env python3
"""The API "Acme" with one planted fault per path: the doctor is tested against a real server.

    /faults/NAME/v1/things   has the fault NAME (see FAULTS)
    /faults/NAME/v1/me       says whose key it is; needs no permission

Line 1 of its output is `listening on PORT`, line 2 a JSON object: `keys` by what is wrong with
them, and `other_port`, another origin. Keys are made from --seed. It ends on SIGTERM and when
stdin is closed. The refusals (refusals.py) imitate what real APIs send, in their various shapes;
none is written for Locksmith.
"""
import argparse, collections, json, os, signal, ssl, sys, threading, time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from refusals import *

Fault = collections.namedtuple(
    "Fault",
    "style front behind header scheme",
    defaults=(None, None, "Authorization", "Bearer"),
)

# --- fronts: what stands before the API. An Answer ends the request; None passes it on --------


def proxy_strips(call):
    del call.headers["Authorization"]
    call.more = {"Via": "1.1 edge-proxy", "Server": "nginx/1.22.1"}


def waf(call):
    agent = call.headers.get("User-Agent", "")
    if not agent or agent.startswith("curl/"):
        ray = os.urandom(8).hex()
        page = html(403, "Forbidden", f"<p>Sorry, you have been blocked. Ray ID: {ray}</p>", "edge")
        return with_headers(page, **{"X-Ray": ray})


def gateway_auth(call):
    if not call.headers.get("Authorization", "").startswith("Basic "):
        page = html(401, "Authorization Required", server="nginx/1.22.1")
        return with_headers(page, **{"WWW-Authenticate": 'Basic realm="Staging"'})


def login_wall(call):
    query = f"rd={call.path}&state={os.urandom(16).hex()}"
    return with_headers(html(302, "Found"), Location=f"https://login.acme.test/?{query}")


def other_origin(call):
    return redirect(302, f"http://127.0.0.1:{call.server.other_port}/faults/ok/v1/things")


def endless_redirect(call):
    turn = int(parse_qs(urlsplit(call.path).query).get("turn", ["0"])[0]) + 1
    return redirect(307, f"/faults/endless-redirect/v1/things?turn={turn}")


def reflects(call):
    sent = call.headers.get("Authorization", "")
    body = json.dumps({"error": f"Cannot authenticate '{sent}'"})
    return Answer(401, body, headers={"X-Debug-Authorization": sent})


# Raw fronts write to the connection themselves and raise Done.
class Done(Exception):
    pass


def raw(*pieces, pause=0.0):
    def send(call):
        for piece in pieces[0]() if callable(pieces[0]) else pieces:
            call.wfile.write(piece)
            call.wfile.flush()
            time.sleep(pause)
        call.close_connection = True
        raise Done
    return send


def giant_head():
    yield b"HTTP/1.1 401 Unauthorized\r\n"
    for n in range(64):
        yield b"X-Giant-%d: %s\r\n" % (n, b"g" * 8000)
    yield b"Content-Length: 0\r\n\r\n"


def gigabyte():
    yield b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n" % (1 << 30)
    for _ in range(1 << 14):
        yield b"a" * (1 << 16)


# --- behind the front: what the API itself wants beyond a good key ----------------------------


def wants_version(call):
    if "Acme-Version" not in call.headers:
        return nested(400, "missing_version", "Acme-Version: header is required.")


def wants_csrf(call):
    if "X-CSRF-Token" not in call.headers:
        return plain(403, "", "CSRF token missing or incorrect.")


def not_found(call):
    return Answer(404, '{"detail":"Not Found"}')


H = dict(header="X-Api-Key", scheme="")
DRIP = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 60\r\n"
# name: the shape of its refusals, what stands in front, what it wants beyond a key, the key's place
FAULTS = {
    "ok": Fault(nested), "expired": Fault(problem), "revoked": Fault(oauth),
    "unknown-key": Fault(flat),
    # a line feed can only arrive in a query
    "whitespace": Fault(flat, header="?api_key", scheme=""),
    "quoted": Fault(plain), "terse": Fault(terse),
    "wrong-header": Fault(nested, **H), "wrong-scheme": Fault(flat, scheme="Token"),
    "missing-scope": Fault(oauth), "wrong-environment": Fault(nested), "ip-blocked": Fault(xml),
    "rate-limited": Fault(nested), "plan-required": Fault(problem), "account-suspended": Fault(xml),
    "clock-skew": Fault(oauth), "jwt-expired": Fault(plain),
    "missing-required-header": Fault(nested, behind=wants_version),
    "csrf": Fault(plain, behind=wants_csrf),
    "wrong-endpoint": Fault(flat, behind=not_found),
    "redirect-dropped": Fault(nested, other_origin),
    "endless-redirect": Fault(nested, endless_redirect),
    "proxy-stripped": Fault(flat, proxy_strips), "waf-blocked": Fault(nested, waf, **H),
    "gateway-auth": Fault(nested, gateway_auth, **H), "login-wall": Fault(nested, login_wall),
    "reflects": Fault(nested, reflects),
    "giant-head": Fault(nested, raw(giant_head)), "gigabyte": Fault(nested, raw(gigabyte)),
    "never-answers": Fault(nested, raw(b"", pause=3600)),
    "drips": Fault(nested, raw(DRIP + b"\r\n", *[b"."] * 60, pause=1)),
    "drips-head": Fault(nested, raw(*[bytes([c]) for c in DRIP], pause=1)),
    "cut-off": Fault(nested, raw(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\n{"err')),
    "bad-status": Fault(nested, raw(b"HTTP/1.1 banana\r\n\r\n")),
    "not-http": Fault(nested, raw(b"220 mail.acme.test ESMTP\r\n")),
    "empty-reply": Fault(nested, raw(b"")),
}


# --- the server -------------------------------------------------------------------------------


class Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_request(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.more = {}
        parts = urlsplit(self.path).path.split("/")  # "", "faults", NAME, "v1", ENDPOINT
        known = len(parts) == 5 and parts[1] == "faults" and parts[2] in FAULTS
        try:
            self.send(self.answer(FAULTS[parts[2]], parts[4]) if known else not_found(self))
        except (Done, ConnectionError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = handle_request

    def answer(self, fault, endpoint):
        if fault.front and (answer := fault.front(self)):
            return answer
        state = self.key_state(fault)
        allowed = endpoint == "me" and state in ANSWERED_BY_ME
        if state == "readonly":
            allowed = self.command == "GET"
        if state in REFUSALS and not allowed:
            more = {"Retry-After": "30"} if state == "rate_limited" else {}
            return with_headers(fault.style(*REFUSALS[state]), **more)
        if fault.behind and endpoint != "me" and (answer := fault.behind(self)):
            return answer
        found = {"id": 42, "name": "Acme user"} if endpoint == "me" else {"things": [1, 2, 3]}
        return Answer(200, json.dumps(found))

    def key_state(self, fault):
        if fault.header.startswith("?"):
            key = parse_qs(urlsplit(self.path).query).get(fault.header[1:], [None])[0]
        else:
            key = self.headers.get(fault.header)
            if key is not None and fault.scheme:
                key = key[len(fault.scheme) + 1:] if key.startswith(fault.scheme + " ") else None
        return "missing" if not key else self.server.states.get(key, "unknown")

    def send(self, answer):
        body = answer.body.encode()
        head = {"Server": "acme", "Date": formatdate(usegmt=True), "X-Request-Id": request_id()}
        head |= {"Content-Type": answer.type, **answer.headers, **self.more}
        self.send_response_only(answer.status)
        for name, value in head.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def listen(states, tls):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Call)
    server.daemon_threads, server.states = True, states
    server.handle_error = lambda *_: None  # a client that hangs up is part of the tests
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--tls", metavar="FILE", help="serve https, with its certificate and key")
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    keys = make_keys(given.seed)
    states = {key: state for state, key in keys.items() if state != "unknown"}
    servers = [listen(states, given.tls), listen(states, given.tls)]
    for server, other in (servers, servers[::-1]):
        server.other_port = other.server_port
    print(f"listening on {servers[0].server_port}")
    print(json.dumps({"keys": keys, "other_port": servers[1].server_port}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
