"""Writes down, byte for byte, what a client sends: record.py LISTEN_PORT SERVER_PORT OUT. One JSON line per request."""

import datetime
import gzip
import json
import socketserver
import socket
import sys
import threading

LISTEN, SERVER, OUT = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
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


class Recorder(socketserver.StreamRequestHandler):
    def handle(self):
        server = socket.create_connection(("127.0.0.1", SERVER))
        answers = server.makefile("rb")
        while request := message(self.rfile):
            at = datetime.datetime.now(datetime.timezone.utc)
            server.sendall(request)
            answer = message(answers)
            entry = {"at": at.isoformat(), "request": request.decode("latin-1"), "status": int(answer.split()[1])}
            issued = body(answer).get("access_token") if b" /token " in request else None
            if issued:
                entry["issued"] = issued
            with LOCK, open(OUT, "a", encoding="utf-8") as out:
                out.write(json.dumps(entry) + "\n")
            self.wfile.write(answer)


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", LISTEN), Recorder) as recorder:
    recorder.serve_forever()
