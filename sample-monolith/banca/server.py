# SERVER    the line: HTTP in, XML out
# --------------------------------------------------------------------------
# 08.05.02 G.F.  first version
# 03.02.04 G.F.  one thread for each terminal
# 17.09.12 L.R.  lines stay open (keep-alive), head and body in one piece

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlparse

from dispatch import serve
from terminal import log_line, write
from xmlout import render_error

MAX_BODY = 64 * 1024


class Terminal(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "BANCA/1990"
    disable_nagle_algorithm = True
    # A line that is silent for so long is hung up (seconds).
    timeout = 300

    def do_GET(self):
        # A form behind a GET is not read, so the line can not go on after it.
        if self.headers.get("Content-Length", "0") != "0":
            self.close_connection = True
        self.answer("")

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self.send_text(render_error("E002", "LENGTH MISSING OR TOO HIGH"))
            return
        self.answer(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def answer(self, form):
        started = time.time()
        url = urlparse(self.path)
        request = {
            "method": self.command,
            "path": url.path,
            "params": dict(parse_qsl(url.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        self.server.enter()
        try:
            text = serve(request)
        except Exception as e:
            # The file itself may fail (disk full, locked for longer than the bank
            # waits). The terminals get a code for that too.
            write("*** " + type(e).__name__ + ": " + str(e) + "\n")
            text = render_error("E998", "FILE NOT AVAILABLE")
        try:
            self.send_text(text)
        finally:
            self.server.leave()
        log_line(request, text, started)

    def send_text(self, text):
        body = text.encode("utf-8")
        head = (
            "HTTP/1.1 200 OK\r\n"
            "Server: " + self.server_version + "\r\n"
            "Date: " + self.date_time_string() + "\r\n"
            "Content-Type: text/xml; charset=utf-8\r\n"
            "Content-Length: " + str(len(body)) + "\r\n"
        )
        if self.close_connection:
            head = head + "Connection: close\r\n"
        try:
            self.wfile.write(head.encode("latin-1") + b"\r\n" + body)
        except OSError:
            # The terminal hung up. What was posted is posted.
            self.close_connection = True

    # The roll has its own lines.
    def log_message(self, format, *args):
        pass


class Exchange(ThreadingHTTPServer):
    daemon_threads = True
    # At the end the open lines are not waited for, only the requests on them.
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address):
        ThreadingHTTPServer.__init__(self, address, Terminal)
        self.busy = 0
        self.bell = threading.Condition()

    def enter(self):
        with self.bell:
            self.busy = self.busy + 1

    def leave(self):
        with self.bell:
            self.busy = self.busy - 1
            self.bell.notify_all()

    # Waits until nobody is being served, some seconds at most.
    def drain(self, seconds):
        end = time.time() + seconds
        with self.bell:
            while self.busy > 0 and time.time() < end:
                self.bell.wait(0.1)

    # Terminals that hang up in the middle are everyday life, not news.
    def handle_error(self, request, client_address):
        pass
