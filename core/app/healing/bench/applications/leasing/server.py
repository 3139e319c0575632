# The line: HTTP in, XML out.
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import leasing
from faults import Refused

PAGES = {
    ("GET", "/quote"): leasing.quote,
    ("POST", "/pay"): leasing.pay,
    ("POST", "/return"): leasing.give_back,
    ("GET", "/penalty"): leasing.penalty,
}


def answer(request):
    page = PAGES.get((request["method"], request["path"]))
    if page is None:
        return leasing.error("404")
    try:
        return page(request)
    except Refused as e:
        return leasing.error(e.code)
    except (ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError):
        return leasing.error("500")


class Window(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(b"")

    def do_POST(self):
        self.reply(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def reply(self, form):
        url = urlsplit(self.path)
        body = answer(
            {
                "method": self.command,
                "path": url.path,
                "params": dict(parse_qsl(url.query, keep_blank_values=True) + parse_qsl(form.decode(), keep_blank_values=True)),
                "headers": {name.lower(): value for name, value in self.headers.items()},
            }
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8080), Window).serve_forever()
