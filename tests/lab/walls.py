"""Boxes that nobody packages: a login wall in the manner of oauth2-proxy, a captive portal in the
manner of hotels and company networks, and the stranger, who writes down what he is sent."""
import http.client
from urllib.parse import quote

import refusals
from lab_api import Call

SIGN_IN = """<!DOCTYPE html>
<html lang="en"><head><title>Sign In</title></head>
<body><h1>Sign in to continue</h1>
<form method="POST" action="/oauth2/sign_in"><input type="hidden" name="rd" value="/">
<label>User <input name="username"></label><label>Password <input type="password" name="password"></label>
<button type="submit">Sign in</button></form></body></html>
"""
PORTAL = """<html><head><title>Welcome to Guest WiFi</title></head><body><h1>Guest WiFi</h1>
<p>Please accept the terms of use to connect to the Internet.</p>
<form action="http://portal.guest.localhost/accept"><button>Accept</button></form></body></html>
"""


def page(status, body, **headers):
    return refusals.Answer(status, body, "text/html; charset=utf-8", headers)


class Wall(Call):
    """Whoever has no session cookie is sent to log in; who has one is passed on."""

    def answer(self):
        behaviour = self.server.behaviour
        if "_session=" in self.headers.get("Cookie", ""):
            return self.pass_on(behaviour["next"])
        if behaviour["mode"] == "redirect":
            start = f"https://login.corp.localhost/oauth2/start?rd={quote(self.path)}"
            return page(302, f'<a href="{start}">Found</a>.\n', Location=start)
        if behaviour["mode"] == "portal":
            return page(200, PORTAL)
        return page(200, SIGN_IN, **{"Set-Cookie": "_wall_csrf=; Path=/; HttpOnly"})

    def pass_on(self, api):
        onward = http.client.HTTPConnection(api, timeout=5)
        path = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[-1]
        onward.request(self.command, path, headers=dict(self.headers))
        answer = onward.getresponse()
        return refusals.Answer(answer.status, answer.read().decode(), answer.getheader("Content-Type"))

    def handle_request(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send(self.answer(), 0)

    do_GET = do_HEAD = do_POST = do_OPTIONS = handle_request


class Stranger(Call):
    """Another party's server. It would take any key that it is sent; none may come."""

    def handle_request(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        arrival = f"{self.command} {self.path}\n{self.headers}"
        self.server.arrivals.append(arrival)
        self.send(refusals.flat(401, "", "Authentication credentials were not provided."), 0)

    do_GET = do_HEAD = do_POST = do_OPTIONS = handle_request
