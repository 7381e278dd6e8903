"""The API behind the lab's servers, as a thread of the runner: what a scenario's [api] table says,
it does. It keeps a log of what reached it, so that the doctor's manners can be checked.

    /v1/things   needs a key that may read things       /v1/me   says whose key it is, to any good key
    /graphql     answers 200 whatever happens
"""
import base64, collections, hashlib, hmac, json, random, socket, string, threading, time, zlib
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import refusals
from refusals import Answer, REFUSALS, with_headers

Arrival = collections.namedtuple("Arrival", "method path headers")
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

# Good for /v1/me, whatever else they may not do.
BARRED = {"noscope", "readonly", "free_plan", "unpaid", "foreign", "sso"}
# What refusals.py has no words for; a scenario may use words of its own ([api.says]).
WORDS = REFUSALS | {
    "unpaid": (402, "insufficient_credit", "Your credit balance is too low to make this request."),
    "foreign": (404, "not_found", "Not Found"),
    "two": (400, "multiple_credentials", "Only one authentication mechanism is allowed."),
    "needs": (400, "missing_header", "The header {} is required."),
    "address": (403, "ip_not_allowed", "Requests from this IP address are not allowed."),
    "referrer": (403, "referer_blocked", "Requests from this referer are blocked."),
    "csrf": (403, "csrf", "CSRF token missing or incorrect."),
    "timestamp": (401, "request_expired", "The request timestamp is outside of the allowed window."),
    "not_found": (404, "not_found", "No such route."),
}


class Keys:
    """Made from a seed and never written down: one key of each kind, and a secret for tokens."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.live, self.other = self.make("nim_live_"), self.make("nim_live_")
        self.test, self.publishable = self.make("nim_test_"), self.make("nim_pub_")
        self.foreign = "ghp" + "_" + self.word(36)  # another vendor's
        self.password, self.login = self.word(20), self.word(20)
        self.jwt_secret = self.word(32).encode()

    def word(self, size):
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=size))

    def make(self, prefix):  # 30 random characters, then their CRC-32 in base 62
        word, rest, digits = self.word(30), 0, ""
        rest = zlib.crc32(word.encode())
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            digits = BASE62[digit] + digits
        return prefix + word + digits

    def token(self, **claims):
        return refusals.jwt(self.jwt_secret, **claims)

    def secrets(self):
        return [self.live, self.other, self.test, self.foreign, self.password, self.login]


class Behaviour:
    """One scenario's [api] table. A field that is not here is a mistake in the scenario."""

    def __init__(self, keys, state="good", *, style="nested", header="Authorization",
                 scheme="Bearer", query="", basic_user="", says=None, me=True, needs="",
                 allow_from=None, referrers=None, csrf=False, public=False, environment="live",
                 clock=0, window=0, status=None, headers=None, post_only=False,
                 refuses_headers=None):
        self.keys, self.state, self.style = keys, state, getattr(refusals, style)
        self.header, self.scheme, self.query, self.basic_user = header, scheme, query, basic_user
        self.says = WORDS | {name: tuple(words) for name, words in (says or {}).items()}
        self.me, self.needs, self.allow_from, self.referrers = me, needs, allow_from, referrers
        self.csrf, self.public, self.environment = csrf, public, environment
        self.clock, self.window, self.post_only = clock, window, post_only
        self.headers, self.refuses_headers = headers or {}, refuses_headers or {}

    def refuse(self, state, *details):
        status, code, message = self.says[state]
        answer = self.style(status, code, message.format(*details))
        return with_headers(answer, **self.headers, **self.refuses_headers)

    # --- who is it? ---------------------------------------------------------------------------

    def presented(self, call):
        """(the key, or None; whether there was another credential as well)"""
        found, strangers = [], 0
        given = call.headers.get(self.header) if self.header else None
        if given is not None:
            found.append(self.unwrap(given))
        asked = parse_qs(urlsplit(call.path).query)
        if self.query:
            found += asked.get(self.query, [])
            strangers += "Authorization" in call.headers and self.header != "Authorization"
        return next((key for key in found if key), None), len(found) + strangers > 1

    def unwrap(self, value):
        if self.basic_user:
            try:
                user, _, password = base64.b64decode(value.removeprefix("Basic "), validate=True) \
                    .decode().partition(":")
            except ValueError:
                return "undecodable"
            return password if user == self.basic_user else "wrong user"
        if not self.scheme:
            return value
        return value[len(self.scheme) + 1:] if value.startswith(self.scheme + " ") else None

    def state_of(self, key):
        if key is None:
            return "missing"
        if key.count(".") == 2 and key.startswith("eyJ"):
            return self.judge_token(key)
        good = self.keys.live if self.environment == "live" else self.keys.test
        if key == good:
            return self.state
        known = {self.keys.live, self.keys.test}
        return "test" if key in known else "unknown"

    def judge_token(self, token):
        head, body, signature = token.split(".")
        wanted = hmac.new(self.keys.jwt_secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        decode = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if decode(signature) != wanted:
            return "signature"
        claims, now = json.loads(decode(body)), time.time() + self.clock
        if claims.get("exp", now) < now:
            return "jwt_expired"
        if max(claims.get("iat", 0), claims.get("nbf", 0)) > now + 30:
            return "jwt_future"
        return "audience" if claims.get("aud", "nimbus") != "nimbus" else self.state

    # --- may it? ------------------------------------------------------------------------------

    def answer(self, call):
        path = urlsplit(call.path).path
        if path not in ("/v1/things", "/v1/things/", "/v1/me", "/graphql"):
            return self.refuse("not_found")
        if path == "/v1/me" and not self.me:
            return self.refuse("not_found")
        if self.allow_from and call.client_address[0] not in self.allow_from:
            return self.refuse("address")
        if not self.public or path == "/v1/me":
            if refusal := self.identify(call, path):
                return refusal
        if path == "/v1/me":
            return Answer(200, '{"id":42,"name":"Nimbus user"}')
        return self.permit(call) or Answer(200, '{"things":[1,2,3]}')

    def identify(self, call, path):
        key, two = self.presented(call)
        if two and "two" in self.says:
            return self.refuse("two")
        state = self.state_of(key)
        if state == "good" or (state in BARRED and path == "/v1/me"):
            return None
        if state == "readonly" and call.command in ("GET", "HEAD"):
            return None
        return self.refuse(state)

    def permit(self, call):
        if self.needs and self.needs not in call.headers:
            return self.refuse("needs", self.needs)
        if self.window:
            sent = float(call.headers.get("X-Timestamp", 0))
            if abs(time.time() + self.clock - sent) > self.window:
                return self.refuse("timestamp")
        if self.referrers is not None and call.headers.get("Referer") not in self.referrers:
            return self.refuse("referrer")
        if self.csrf and call.command != "GET" and "X-CSRF-Token" not in call.headers:
            return self.refuse("csrf")
        if self.post_only and call.command != "POST":
            return Answer(405, '{"message":"Method Not Allowed"}', headers={"Allow": "POST"})
        return None


class Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_request(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.arrivals.append(Arrival(self.command, self.path, str(self.headers)))
        behaviour = self.server.behaviour
        self.send(behaviour.answer(self), behaviour.clock)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request

    def send(self, answer, clock):
        if self.path.startswith("/graphql") and answer.status != 200:
            text = json.loads(answer.body)["error"]
            error = {"message": text["message"], "extensions": {"code": text["code"].upper()}}
            answer = Answer(200, json.dumps({"errors": [error], "data": None}))
        body = answer.body.encode()
        self.send_response_only(answer.status)
        head = {"Date": formatdate(time.time() + clock, usegmt=True), "Content-Type": answer.type}
        head |= {"X-Request-Id": refusals.request_id(), **answer.headers}
        for name, value in head.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # a client that hangs up is part of the tests
        pass


class SixthListener(Listener):
    address_family = socket.AF_INET6


def listen(handler=Call):
    """Both loopback addresses, one port: the address of the caller is what tells them apart."""
    for _ in range(20):
        first, shared = Listener(("127.0.0.1", 0), handler), []
        try:
            both = [first, SixthListener(("::1", first.server_port), handler)]
            break
        except OSError:  # that port is taken on ::1
            first.server_close()
    else:
        raise RuntimeError("no port is free on both 127.0.0.1 and ::1")
    first.other = both[1]
    set_up(first, shared, None)
    for server in both:
        server.arrivals = shared
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return first


def set_up(server, arrivals, behaviour):
    for each in (server, server.other):
        each.arrivals, each.behaviour = arrivals, behaviour


def close(server):
    for each in (server, server.other):
        each.shutdown()
        each.server_close()
