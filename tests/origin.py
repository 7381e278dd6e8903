"""Servers for record_test.py that say exactly what came in: raw bytes, nothing parsed away."""
import base64, hashlib, os, socket, ssl, struct, subprocess, threading, time

CHUNK = bytes(range(256)) * 256  # 64 KiB
BIG = 50 << 20
BIG_SHA = hashlib.sha256(CHUNK * (BIG // len(CHUNK))).hexdigest()
REFUSAL = b'{"error":{"code":"expired_token","message":"The token has expired"}}'


def make_certificate(folder, name="origin"):
    """A self-signed certificate for loopback, and its key, in one PEM file each: (both, certificate)."""
    both, certificate = os.path.join(folder, name + ".both"), os.path.join(folder, name + ".pem")
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-keyout", both, "-out", certificate, "-days", "2", "-subj", f"/CN={name}",
               "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    with open(both, "a") as out, open(certificate) as text:
        out.write(text.read())
    return both, certificate


def reply(status, body=b"", *fields):
    head = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Content-Type: application/json", *fields]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


class Server:
    """Each connection runs handle(connection); `seen` holds what the handler notes."""

    def __init__(self, tls=None, ask_for_certificate=None):
        self.seen, self.context = [], None
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(tls)
            if ask_for_certificate:
                self.context.verify_mode = ssl.CERT_REQUIRED
                self.context.load_verify_locations(ask_for_certificate)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            self.handle(connection)
        except (OSError, EOFError):
            pass
        finally:
            connection.close()

    def close(self):
        self.socket.close()


class Origin(Server):
    def handle(self, connection):
        stream = connection.makefile("rb")
        while True:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = stream.readline()
                if not line:
                    raise EOFError
                head += line
            self.seen.append(head)
            path = head.split(b" ")[1].split(b"?")[0].decode().strip("/").split("/")[0]
            getattr(self, "do_" + path, self.do_refuse)(connection, stream, head)
            if b"connection: close" in head.lower():
                return

    def length(self, head):
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return int(value)
        return 0

    def do_refuse(self, out, stream, head):
        stream.read(self.length(head))
        out.sendall(reply(b"401 Unauthorized", b"" if head.startswith(b"HEAD") else REFUSAL, b"WWW-Authenticate: Bearer"))

    def do_ok(self, out, stream, head):
        out.sendall(reply(b"200 OK", b'{"things":[1]}'))

    def do_moved(self, out, stream, head):
        out.sendall(reply(b"302 Found", b"", b"Location: /refuse"))

    def do_empty(self, out, stream, head):
        out.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    def do_big(self, out, stream, head):
        out.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % BIG)
        for _ in range(BIG // len(CHUNK)):
            out.sendall(CHUNK)

    def do_chunked(self, out, stream, head):
        out.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for size in (1, 255, 65536):
            out.sendall(b"%x;ext=1\r\n" % size + CHUNK[:size] + b"\r\n")
        out.sendall(b"0\r\nX-Trailer: yes\r\n\r\n")

    def do_upload(self, out, stream, head):
        if b"100-continue" in head:
            out.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left, sha = self.length(head), hashlib.sha256()
        while left:
            piece = stream.read(min(left, 65536))
            if not piece:
                raise EOFError
            sha.update(piece)
            left -= len(piece)
        out.sendall(reply(b"200 OK", sha.hexdigest().encode()))

    def do_drip(self, out, stream, head):
        out.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        for _ in range(4):
            time.sleep(0.4)
            out.sendall(b".")

    def do_reset(self, out, stream, head):
        out.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart")
        time.sleep(0.2)
        out.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise EOFError

    def do_hang(self, out, stream, head):
        self.seen.append(b"waiting")
        try:
            rest = stream.read(1)
        except OSError:
            rest = b""
        self.seen.append(b"client left" if not rest else b"client spoke")
        raise EOFError

    def do_ws(self, out, stream, head):
        key = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:")).split(b" ")[1]
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        out.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        while True:  # an echo of raw bytes, which is enough to see that none is touched
            piece = stream.read1(4096)
            if not piece:
                raise EOFError
            out.sendall(piece)


class ForwardProxy(Server):
    """A company's proxy: CONNECT only, and only with the right credentials."""

    def __init__(self, credentials):
        super().__init__()
        self.wanted = b"Proxy-Authorization: Basic " + base64.b64encode(credentials.encode())

    def handle(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096) or b"\r\n\r\n"
        self.seen.append(head)
        if self.wanted not in head:
            connection.sendall(reply(b"407 Proxy Authentication Required", b"", b'Proxy-Authenticate: Basic realm="corp"'))
            return
        host, port = head.split(b" ")[1].decode().rsplit(":", 1)
        server = socket.create_connection((host, int(port)))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=self.copy, args=(server, connection), daemon=True).start()
        self.copy(connection, server)

    def copy(self, source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
