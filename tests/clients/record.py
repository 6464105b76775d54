"""Writes down, byte for byte, what a client sends: record.py LISTEN_PORT SERVER_PORT OUT [CERTIFICATE_AND_KEY].

One JSON line per request. With a certificate it is a proxy that opens a tunnel and speaks TLS in it; what it reads there
goes to the server in plain HTTP, as it came.
"""

import datetime
import gzip
import json
import socketserver
import socket
import ssl
import sys
import threading

LISTEN, SERVER, OUT = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
CERTIFICATE = sys.argv[4] if len(sys.argv) > 4 else None
LOCK = threading.Lock()


def message(stream):
    """One HTTP message with its body, or nothing at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.read(1)
        if not byte:
            return b""
        head += byte
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head + stream.read(int(lengths[0]) if lengths else 0)


def body(answer):
    head, _, content = answer.partition(b"\r\n\r\n")
    return json.loads(gzip.decompress(content) if b"content-encoding: gzip" in head.lower() else content)


def inside(connection):
    """The connection in the tunnel that a client asks for."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1) or sys.exit("no CONNECT")
    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context.wrap_socket(connection, server_side=True)


def is_for_tokens(request):
    return request.split(b" ")[1].endswith(b"/token")


class Recorder(socketserver.BaseRequestHandler):
    def handle(self):
        connection = inside(self.request) if CERTIFICATE else self.request
        client = connection.makefile("rb")
        server = socket.create_connection(("127.0.0.1", SERVER))
        answers = server.makefile("rb")
        while request := message(client):
            at = datetime.datetime.now(datetime.timezone.utc)
            server.sendall(request)
            answer = message(answers)
            entry = {"at": at.isoformat(), "request": request.decode("latin-1"), "status": int(answer.split()[1])}
            issued = body(answer).get("access_token") if is_for_tokens(request) else None
            if issued:
                entry["issued"] = issued
            with LOCK, open(OUT, "a", encoding="utf-8") as out:
                out.write(json.dumps(entry) + "\n")
            connection.sendall(answer)


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", LISTEN), Recorder) as recorder:
    recorder.serve_forever()
