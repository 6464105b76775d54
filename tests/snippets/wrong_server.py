"""A server that answers every call with 200 and a page: whatever asks it has to say that it is wrong. Prints its address."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Wrong(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b"<p>It works</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
