#!/usr/bin/env python3
"""The API "Acme" with one planted fault per path, so that the doctor is tested against a real server.

    /faults/NAME/v1/things   has the fault NAME (see FAULTS)
    /faults/NAME/v1/me       says whose key it is; needs no permission

Line 1 of its output is `listening on PORT`, line 2 a JSON object: `keys` by what is wrong with them, and
`other_port`, another origin. Keys are made from --seed. It ends on SIGTERM and when stdin is closed.
The refusals imitate what real APIs send, in their various shapes; none is written for Locksmith.
"""
import argparse, base64, collections, hashlib, hmac, json, os, random, signal, ssl, string, sys, threading, time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = collections.namedtuple("Answer", "status body type headers", defaults=("application/json", {}))
Fault = collections.namedtuple("Fault", "style front behind header scheme", defaults=(None, None, "Authorization", "Bearer"))

# --- keys: what the API knows of each -------------------------------------------------------------

STATES = ["good", "expired", "revoked", "suspended", "ip_restricted", "rate_limited", "readonly", "noscope", "free_plan", "test"]


def make_keys(seed):
    rng = random.Random(seed)
    word = lambda: "".join(rng.choices(string.ascii_letters + string.digits, k=32))
    keys = {state: f"acme_{'test' if state == 'test' else 'live'}_{word()}" for state in STATES}
    jwt_secret = word().encode()
    now = int(time.time())
    keys["jwt_good"] = jwt(jwt_secret, iat=now - 10, nbf=now - 10, exp=now + 3600)
    keys["jwt_expired"] = jwt(jwt_secret, iat=now - 7200, nbf=now - 7200, exp=now - 3600)
    keys["jwt_future"] = jwt(jwt_secret, iat=now + 600, nbf=now + 600, exp=now + 4200)
    keys["unknown"] = f"acme_live_{word()}"
    return keys


def jwt(secret, **claims):
    encode = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=")
    head = encode(b'{"alg":"HS256","typ":"JWT"}')
    body = encode(json.dumps({"iss": "https://login.acme.test", "sub": "42", **claims}).encode())
    return b".".join([head, body, encode(hmac.new(secret, head + b"." + body, hashlib.sha256).digest())]).decode()


# --- refusals: status, code, message; and the shapes that they come in ----------------------------

REFUSALS = {
    "missing": (401, "authentication_required", "Authentication credentials were not provided."),
    "unknown": (401, "invalid_api_key", "Invalid API key provided."),
    "expired": (401, "token_expired", "The access token expired on 2026-05-03."),
    "revoked": (401, "key_revoked", "This API key has been revoked."),
    "test": (401, "livemode_mismatch", "A test mode key was used against a live mode endpoint."),
    "jwt_expired": (401, "invalid_token", "Jwt is expired"),
    "jwt_future": (401, "invalid_token", "Token used before issued"),
    "suspended": (403, "account_disabled", "Your account is disabled. Contact billing@acme.test."),
    "ip_restricted": (403, "ip_not_allowed", "The request comes from 127.0.0.1, which is not on the allow list."),
    "noscope": (403, "insufficient_scope", "The key lacks the permission things:read."),
    "readonly": (403, "read_only", "This key may only read."),
    "free_plan": (402, "upgrade_required", "Things are part of the Business plan."),
    "rate_limited": (429, "rate_limit_exceeded", "Rate limit of 60 requests per minute reached."),
}
ANSWERED_BY_ME = {"noscope", "readonly", "free_plan"}  # these keys are good for /v1/me


def request_id():
    return "req_" + os.urandom(9).hex()


def problem(status, code, message):
    body = {"type": f"https://docs.acme.test/problems/{code}", "title": message, "status": status, "instance": request_id()}
    return Answer(status, json.dumps(body), "application/problem+json")


def nested(status, code, message):
    return Answer(status, json.dumps({"error": {"code": code, "message": message, "request_id": request_id()}}))


def flat(status, code, message):
    return Answer(status, json.dumps({"message": message, "documentation_url": "https://docs.acme.test/auth"}))


def plain(status, code, message):
    return Answer(status, message + "\n", "text/plain; charset=utf-8")


def oauth(status, code, message):
    error = "insufficient_scope" if status == 403 else "invalid_token"
    challenge = 'Bearer realm="acme"' + ("" if code == "authentication_required" else f', error="{error}", error_description="{message}"')
    return Answer(status, json.dumps({"error": error, "error_description": message}), headers={"WWW-Authenticate": challenge})


def xml(status, code, message):
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id()}</RequestId></Error>"
    return Answer(status, body, "application/xml")


def terse(status, code, message):  # says the same whatever is wrong, as many gateways do
    return Answer(status, '{"message":"Forbidden"}' if status == 403 else '{"message":"Unauthorized"}')


def html(status, title, more="", server="nginx"):
    page = f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n{more}<hr><center>{server}</center>\r\n</body>\r\n</html>\r\n"
    return Answer(status, page, "text/html", {"Server": server})


# --- fronts: what stands before the API. An Answer ends the request; None passes it on -------------


def proxy_strips(call):
    del call.headers["Authorization"]
    call.more = {"Via": "1.1 edge-proxy", "Server": "nginx/1.22.1"}


def waf(call):
    agent = call.headers.get("User-Agent", "")
    if not agent or agent.startswith("curl/"):
        ray = os.urandom(8).hex()
        return html(403, "Forbidden", f"<p>Sorry, you have been blocked. Ray ID: {ray}</p>", "edge")._replace(headers={"Server": "edge", "X-Ray": ray})


def gateway_auth(call):
    if not call.headers.get("Authorization", "").startswith("Basic "):
        page = html(401, "Authorization Required", server="nginx/1.22.1")
        return page._replace(headers={**page.headers, "WWW-Authenticate": 'Basic realm="Staging"'})


def login_wall(call):
    page = html(302, "Found")
    return page._replace(headers={**page.headers, "Location": f"https://login.acme.test/?rd={call.path}&state={os.urandom(16).hex()}"})


def other_origin(call):
    return Answer(302, "", "text/plain", {"Location": f"http://127.0.0.1:{call.server.other_port}/faults/ok/v1/things"})


def endless_redirect(call):
    turn = int(parse_qs(urlsplit(call.path).query).get("turn", ["0"])[0]) + 1
    return Answer(307, "", "text/plain", {"Location": f"/faults/endless-redirect/v1/things?turn={turn}"})


def reflects(call):
    sent = call.headers.get("Authorization", "")
    return Answer(401, json.dumps({"error": f"Cannot authenticate '{sent}'"}), headers={"X-Debug-Authorization": sent})


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
    yield b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (1 << 30)
    for _ in range(1 << 14):
        yield b"a" * (1 << 16)


# --- behind the front: what the API itself wants beyond a good key ---------------------------------


def wants_version(call):
    if "Acme-Version" not in call.headers:
        return nested(400, "missing_version", "Acme-Version: header is required.")


def wants_csrf(call):
    if "X-CSRF-Token" not in call.headers:
        return plain(403, "", "CSRF token missing or incorrect.")


def not_found(call):
    return Answer(404, '{"detail":"Not Found"}')


H = dict(header="X-Api-Key", scheme="")
FAULTS = {  # name: the shape of its refusals, what stands in front, what it wants beyond a key, where it wants the key
    "ok": Fault(nested), "expired": Fault(problem), "revoked": Fault(oauth), "unknown-key": Fault(flat),
    "whitespace": Fault(flat, header="?api_key", scheme=""),  # a line feed can only arrive in a query
    "quoted": Fault(plain), "terse": Fault(terse),
    "wrong-header": Fault(nested, **H), "wrong-scheme": Fault(flat, scheme="Token"),
    "missing-scope": Fault(oauth), "wrong-environment": Fault(nested), "ip-blocked": Fault(xml),
    "rate-limited": Fault(nested), "plan-required": Fault(problem), "account-suspended": Fault(xml),
    "clock-skew": Fault(oauth), "jwt-expired": Fault(plain),
    "missing-required-header": Fault(nested, behind=wants_version), "csrf": Fault(plain, behind=wants_csrf),
    "wrong-endpoint": Fault(flat, behind=not_found),
    "redirect-dropped": Fault(nested, other_origin), "endless-redirect": Fault(nested, endless_redirect),
    "proxy-stripped": Fault(flat, proxy_strips), "waf-blocked": Fault(nested, waf, **H),
    "gateway-auth": Fault(nested, gateway_auth, **H), "login-wall": Fault(nested, login_wall),
    "reflects": Fault(nested, reflects),
    "giant-head": Fault(nested, raw(giant_head)), "gigabyte": Fault(nested, raw(gigabyte)),
    "never-answers": Fault(nested, raw(b"", pause=3600)),
    "drips": Fault(nested, raw(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 60\r\n\r\n", *[b"."] * 60, pause=1)),
    "drips-head": Fault(nested, raw(*[bytes([c]) for c in b"HTTP/1.1 401 Unauthorized\r\n\r\n"], pause=1)),
    "cut-off": Fault(nested, raw(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\n{"err')),
    "bad-status": Fault(nested, raw(b"HTTP/1.1 banana\r\n\r\n")), "not-http": Fault(nested, raw(b"220 mail.acme.test ESMTP\r\n")),
    "empty-reply": Fault(nested, raw(b"")),
}


# --- the server ------------------------------------------------------------------------------------


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
        if state in REFUSALS and not (endpoint == "me" and state in ANSWERED_BY_ME) and (state != "readonly" or self.command != "GET"):
            answer = fault.style(*REFUSALS[state])
            return answer._replace(headers={**answer.headers, "Retry-After": "30"}) if state == "rate_limited" else answer
        if fault.behind and endpoint != "me" and (answer := fault.behind(self)):
            return answer
        return Answer(200, json.dumps({"id": 42, "name": "Acme user"} if endpoint == "me" else {"things": [1, 2, 3]}))

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
        head = {"Server": "acme", "Date": formatdate(usegmt=True), "X-Request-Id": request_id(), "Content-Type": answer.type, **answer.headers, **self.more}
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
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--tls", metavar="FILE", help="serve https with the certificate and key in FILE")
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
