"""The real servers of the lab: each kind is a function from a scenario's [[server]] table to the
words of a command that stays in the foreground. Everything a server writes is in its own folder."""
import ctypes, os, pathlib, pwd, shutil, signal, socket, subprocess, time

READY_WITHIN = 20  # seconds; Squid and Caddy take one, a loaded machine longer


class NotInstalled(Exception):
    pass


class DidNotStart(Exception):
    pass


def free_port():
    """Free on both loopback addresses at the moment of asking."""
    while True:
        with socket.socket() as four, socket.socket(socket.AF_INET6) as six:
            four.bind(("127.0.0.1", 0))
            try:
                six.bind(("::1", four.getsockname()[1]))
            except OSError:
                continue
            return four.getsockname()[1]


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not found:
        raise NotInstalled(name)
    return found


def unprivileged():
    """Whom a server becomes that refuses to run as root; None when nobody is root here."""
    return "www-data" if os.geteuid() == 0 and has_user("www-data") else \
        "nobody" if os.geteuid() == 0 else None


def has_user(name):
    return any(entry.pw_name == name for entry in pwd.getpwall())


# --- how each is configured: @LISTEN@ is its port, @NEXT@ what stands behind it --------------------

PASS_ON = {
    "nginx": "location / { proxy_pass http://@NEXT@; }",
    "apache": "ProxyPass / http://@NEXT@/",
    "haproxy": "",
    "caddy": "reverse_proxy @NEXT@",
    "squid": "http_access allow all",
    "tinyproxy": "",
}


def nginx(folder, table):
    tls = "ssl" if table.get("tls") else ""
    secure = f"ssl_certificate {folder}/tls.pem; ssl_certificate_key {folder}/tls.pem;" if tls else ""
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_http_version 1.1;
  {table.get("before", "")}
  server {{
    listen 127.0.0.1:@LISTEN@ {tls}; listen [::1]:@LISTEN@ {tls};
    {secure}
    {table["config"]}
  }}
}}
""")
    return [program("nginx"), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


APACHE_MODULES = ["mpm_event", "authn_core", "authz_core", "authz_user", "authz_host",
                  "authn_file", "auth_basic", "proxy", "proxy_http", "cgid", "alias", "headers",
                  "rewrite", "setenvif"]


def apache(folder, table):
    binary = program("apache2")
    modules = pathlib.Path("/usr/lib/apache2/modules")
    load = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in APACHE_MODULES)
    user = unprivileged()
    if user:
        shutil.chown(folder, user)
    (folder / "apache.conf").write_text(f"""
{load}
{f"User {user}" if user else ""}
ServerName 127.0.0.1
ServerRoot {folder}
DocumentRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
ScriptSock {folder}/cgid.sock
StartServers 1
Listen 127.0.0.1:@LISTEN@
Listen [::1]:@LISTEN@
{table["config"]}
""")
    (folder / "api.cgi").write_text(CGI)
    (folder / "api.cgi").chmod(0o755)
    return [binary, "-D", "FOREGROUND", "-f", f"{folder}/apache.conf"]


# A program behind the Common Gateway Interface: it knows of the request what its environment says.
CGI = """#!/usr/bin/python3 -SE
import http.client, os
fields = {name[5:].replace("_", "-").title(): value for name, value in os.environ.items()
          if name.startswith("HTTP_")}
api = http.client.HTTPConnection("@NEXT@")
target = os.environ["PATH_INFO"] + "?" * bool(os.environ["QUERY_STRING"]) + os.environ["QUERY_STRING"]
api.request(os.environ["REQUEST_METHOD"], target, headers=fields)
answer = api.getresponse()
print(f"Status: {answer.status} {answer.reason}")
for name, value in answer.getheaders():
    if name.lower() not in ("date", "content-length"):
        print(f"{name}: {value}")
print()
print(answer.read().decode(), end="")
"""


def haproxy(folder, table):
    tls = f"ssl crt {folder}/tls.pem {table.get('bind', '')}" if table.get("tls") else ""
    (folder / "haproxy.cfg").write_text(f"""
global
  maxconn 64
{table.get("before", "")}
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend lab
  bind 127.0.0.1:@LISTEN@ {tls}
  bind ::1:@LISTEN@ {tls}
{table["config"]}
  default_backend api
backend api
{table.get("backend", "  server api @NEXT@")}
""")
    return [program("haproxy"), "-db", "-f", f"{folder}/haproxy.cfg"]


def caddy(folder, table):
    (folder / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
  storage file_system {folder}
}}
http://:@LISTEN@ {{
  bind 127.0.0.1 ::1
  {table["config"]}
}}
""")
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


def squid(folder, table):
    user = "proxy" if os.geteuid() == 0 and has_user("proxy") else None
    if user:
        shutil.chown(folder, user)
    (folder / "hosts").write_text("127.0.0.1 api.nimbus.localhost sandbox.nimbus.localhost\n")
    (folder / "users").write_text("@PROXY_USERS@\n")
    (folder / "squid.conf").write_text(f"""
http_port 127.0.0.1:@LISTEN@
hosts_file {folder}/hosts
visible_hostname gateway.corp
pid_filename none
cache deny all
access_log none
cache_log {folder}/cache.log
coredump_dir {folder}
shutdown_lifetime 0 seconds
{table["config"]}
""")
    return [program("squid"), "-N", "-f", f"{folder}/squid.conf"]


def tinyproxy(folder, table):
    (folder / "tinyproxy.conf").write_text(f"""
Port @LISTEN@
Listen 127.0.0.1
Timeout 10
LogLevel Critical
LogFile "{folder}/log"
MaxClients 20
{table["config"]}
""")
    return [program("tinyproxy"), "-d", "-c", f"{folder}/tinyproxy.conf"]


KINDS = {"nginx": nginx, "apache": apache, "haproxy": haproxy, "caddy": caddy, "squid": squid,
         "tinyproxy": tinyproxy}
FORWARD = {"squid", "tinyproxy"}  # stand before the client, not before the API


# --- starting and stopping ----------------------------------------------------------------------

def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG, <linux/prctl.h>


class Server:
    def __init__(self, folder, table, names):
        self.folder, self.table, self.names = folder, table, names
        self.kind, self.port, self.process = table["kind"], 0, None

    def start(self):
        for _ in range(3):  # another program may take the port between asking and listening
            self.port = free_port()
            if self.attempt():
                return
        raise DidNotStart(f"{self.kind} did not start:\n{self.log()}")

    def attempt(self):
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        table = dict(self.table, config=self.table.get("config", PASS_ON[self.kind]))
        if self.table.get("tls"):
            shutil.copy(self.folder.parent / "tls.pem", self.folder / "tls.pem")
        words = KINDS[self.kind](self.folder, table)
        for path in self.folder.iterdir():
            if path.is_file() and path.stat().st_size < 100_000:
                path.write_text(self.fill(path.read_text()))
        with open(self.folder / "output", "wb") as output:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=output, preexec_fn=die_with_parent,
                                            start_new_session=True, cwd=self.folder,
                                            env=dict(os.environ, HOME=str(self.folder)))
        return self.listens()

    def fill(self, text):
        for name, value in dict(self.names, LISTEN=self.port).items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def listens(self):
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self.process.poll() is not None:
                return False
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.02)
        self.stop()
        return False

    def log(self):
        files = ["output", "error.log", "cache.log"]
        texts = [p.read_text(errors="replace") for p in map(self.folder.joinpath, files) if p.is_file()]
        return "\n".join(texts)[-2000:]

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own session: it and its children only
            self.process.wait()
