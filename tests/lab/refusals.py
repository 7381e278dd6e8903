"""What the API "Acme" of fault_api.py knows of its keys, and how it words its refusals."""
import base64, collections, hashlib, hmac, json, os, random, string, time

Answer = collections.namedtuple(
    "Answer", "status body type headers", defaults=("application/json", {})
)


def with_headers(answer, **more):
    return answer._replace(headers={**answer.headers, **more})


def redirect(status, location):
    return Answer(status, "", "text/plain", {"Location": location})


STATES = ["good", "expired", "revoked", "suspended", "ip_restricted", "rate_limited", "readonly"]
STATES += ["noscope", "free_plan", "test"]


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
    signature = hmac.new(secret, head + b"." + body, hashlib.sha256).digest()
    return b".".join([head, body, encode(signature)]).decode()


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
    "ip_restricted": (403, "ip_not_allowed", "Your address 127.0.0.1 is not on the allow list."),
    "noscope": (403, "insufficient_scope", "The key lacks the permission things:read."),
    "readonly": (403, "read_only", "This key may only read."),
    "free_plan": (402, "upgrade_required", "Things are part of the Business plan."),
    "rate_limited": (429, "rate_limit_exceeded", "Rate limit of 60 requests per minute reached."),
}
ANSWERED_BY_ME = {"noscope", "readonly", "free_plan"}  # these keys are good for /v1/me


def request_id():
    return "req_" + os.urandom(9).hex()


def problem(status, code, message):
    body = {"type": f"https://docs.acme.test/problems/{code}", "title": message, "status": status}
    body["instance"] = request_id()
    return Answer(status, json.dumps(body), "application/problem+json")


def nested(status, code, message):
    error = {"code": code, "message": message, "request_id": request_id()}
    return Answer(status, json.dumps({"error": error}))


def flat(status, code, message):
    body = {"message": message, "documentation_url": "https://docs.acme.test/auth"}
    return Answer(status, json.dumps(body))


def plain(status, code, message):
    return Answer(status, message + "\n", "text/plain; charset=utf-8")


def oauth(status, code, message):
    error = "insufficient_scope" if status == 403 else "invalid_token"
    challenge = 'Bearer realm="acme"'
    if code != "authentication_required":
        challenge += f', error="{error}", error_description="{message}"'
    body = json.dumps({"error": error, "error_description": message})
    return Answer(status, body, headers={"WWW-Authenticate": challenge})


def xml(status, code, message):
    body = f"<Code>{code}</Code><Message>{message}</Message><RequestId>{request_id()}</RequestId>"
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error>{body}</Error>"
    return Answer(status, body, "application/xml")


def terse(status, code, message):  # says the same whatever is wrong, as many gateways do
    return Answer(status, json.dumps({"message": "Forbidden" if status == 403 else "Unauthorized"}))


def html(status, title, more="", server="nginx"):
    head = f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n"
    body = f"<center><h1>{status} {title}</h1></center>\r\n{more}<hr><center>{server}</center>\r\n"
    page = head + body + "</body>\r\n</html>\r\n"
    return Answer(status, page, "text/html", {"Server": server})
