"""Seeded traffic for Banca 1990. Open loop by default: requests start when they are due, answered or not.

python3 traffic.py --url http://127.0.0.1:PORT [--rate 100] [--seed 1] [--duration S] [--count N]
                   [--db FILE | --accounts 10000 --db-seed 1990] [--first N] [--sequential] [--log FILE]

Prints one line of JSON a second and a last one with "final": true. SIGTERM and SIGINT stop it cleanly.
The request keys come from the seed. On a file that this seed has already worked on (--db) the numbering
goes on after the last key that the bank has stored: otherwise every answer would be an old one.
"""

import argparse
import asyncio
import hashlib
import json
import random
import signal
import sys
import time
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlparse

from traffic_plan import OPERATORS, Plan, directory, next_number

TIMEOUT = 15.0
MAX_OPEN = 256
# A line that was idle for longer is not used again: the other end may just be hanging it up.
MAX_IDLE = 3.0
START_PATIENCE = 2.0


class Line:
    """One keep-alive connection."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.since = time.monotonic()
        self.stays = True

    async def ask(self, head, body):
        self.writer.write(head + body)
        await self.writer.drain()
        status_line = await self.reader.readline()
        if not status_line.startswith(b"HTTP/1."):
            raise ConnectionError("hung up without an answer" if not status_line else "not HTTP")
        status = int(status_line.split()[1])
        headers = {}
        while True:
            line = await self.reader.readline()
            if line in (b"\r\n", b"\n"):
                break
            if not line:
                raise ConnectionError("hung up within the head")
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("connection", "").lower() == "close":
            self.stays = False
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return status, await self.chunks()
        if "content-length" in headers:
            return status, await self.reader.readexactly(int(headers["content-length"]))
        self.stays = False
        return status, await self.reader.read()

    async def chunks(self):
        parts = []
        while True:
            size = int((await self.reader.readline()).split(b";")[0], 16)
            part = await self.reader.readexactly(size)
            await self.reader.readline()
            if size == 0:
                return b"".join(parts)
            parts.append(part)

    def close(self):
        self.writer.close()


class Client:
    def __init__(self, url):
        self.host = url.hostname
        self.port = url.port or 80
        self.idle = []

    async def send(self, head, body):
        line = None
        while self.idle and line is None:
            line = self.idle.pop()
            if time.monotonic() - line.since > MAX_IDLE or line.reader.at_eof():
                line.close()
                line = None
        try:
            if line is None:
                line = Line(*await asyncio.open_connection(self.host, self.port))
            answer = await line.ask(head, body)
        except BaseException:
            if line is not None:
                line.close()
            raise
        if line.stays:
            line.since = time.monotonic()
            self.idle.append(line)
        else:
            line.close()
        return answer

    def close(self):
        for line in self.idle:
            line.close()
        self.idle = []


def fault_of(status, body):
    """(what is wrong with an answer or None, its CODE, its TOKEN)."""
    if status != 200:
        return "status %d" % status, None, None
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return "not well-formed", None, None
    code = root.findtext("CODE")
    if root.tag != "ANSWER" or not code:
        return "not an ANSWER", None, None
    return None, code, root.findtext("TOKEN")


def percentile(times, share):
    if not times:
        return None
    return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 2)


class Traffic:
    def __init__(self, options, plan):
        self.options = options
        self.plan = plan
        self.url = urlparse(options.url)
        self.client = Client(self.url)
        self.log = open(options.log, "a", encoding="utf-8") if options.log else None
        self.tokens = [""] * OPERATORS
        self.stopping = asyncio.Event()
        self.open = set()
        self.sent = self.ok = self.errors = 0
        self.codes = {}
        self.routes = {}
        self.all_times = []
        self.window = []
        self.first_error = None

    def head_of(self, request):
        lines = [
            request["method"] + " " + request["target"] + " HTTP/1.1",
            "Host: " + self.url.netloc,
            "Accept: text/xml",
            "X-Client-Request: %d" % request["n"],
        ]
        token = request["token"]
        if token is None and request["operator"] is not None:
            token = self.tokens[request["operator"]]
        if token:
            lines.append("X-Session: " + token)
        if request["key"]:
            lines.append("Idempotency-Key: " + request["key"])
        if request["method"] == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append("Content-Length: %d" % len(request["body"]))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")

    async def perform(self, request):
        self.sent += 1
        started_at = time.time() * 1000.0
        started = time.perf_counter()
        status, body, code, token = 0, b"", None, None
        try:
            status, body = await asyncio.wait_for(
                self.client.send(self.head_of(request), request["body"].encode("ascii")), TIMEOUT
            )
            error, code, token = fault_of(status, body)
        except asyncio.TimeoutError:
            error = "timeout"
        except (OSError, ValueError, IndexError, asyncio.IncompleteReadError) as e:
            error = type(e).__name__ + ": " + str(e)
        took = (time.perf_counter() - started) * 1000.0
        if request["login"] is not None and token:
            self.tokens[request["login"]] = token
        if error is None:
            self.ok += 1
            self.codes[code] = self.codes.get(code, 0) + 1
        else:
            self.errors += 1
            self.first_error = self.first_error or error
        self.window.append(took)
        self.all_times.append(took)
        self.routes.setdefault(request["route"], []).append(took)
        if self.log:
            entry = {
                "n": request["n"], "route": request["route"], "key": request["key"], "startedAt": round(started_at, 3),
                "ms": round(took, 3), "status": status, "error": error, "sha256": hashlib.sha256(body).hexdigest(), "code": code,
            }  # fmt: skip
            self.log.write(json.dumps(entry) + "\n")
        return error

    async def sign_on(self):
        """The first requests of the plan: every operator signs on, one after the other."""
        patience = time.monotonic() + START_PATIENCE
        while True:
            # Only to see that somebody listens; the first request itself is sent once.
            try:
                _, writer = await asyncio.open_connection(self.client.host, self.client.port)
                writer.close()
                break
            except OSError as e:
                if time.monotonic() > patience:
                    return "nobody answers at %s: %s" % (self.options.url, e)
                await asyncio.sleep(0.1)
        for _ in range(OPERATORS):
            await self.perform(next(self.plan))
        if not any(self.tokens):
            return "no operator could sign on: %s" % (self.first_error or "codes %s" % self.codes)
        return None

    def is_over(self, started):
        if self.stopping.is_set():
            return True
        if self.options.count and self.sent >= self.options.count:
            return True
        return bool(self.options.duration) and time.monotonic() - started >= self.options.duration

    async def run_open(self, started):
        # How long the terminals think: not part of the plan, so that the rate does not change what is asked.
        think = random.Random("think %d" % self.options.seed)
        due = time.monotonic()
        while not self.is_over(started):
            wait = due - time.monotonic()
            if wait > 0:
                try:
                    await asyncio.wait_for(self.stopping.wait(), wait)
                except asyncio.TimeoutError:
                    pass
                continue
            if len(self.open) >= MAX_OPEN:
                await asyncio.wait(self.open, return_when=asyncio.FIRST_COMPLETED)
                continue
            task = asyncio.ensure_future(self.perform(next(self.plan)))
            self.open.add(task)
            task.add_done_callback(self.open.discard)
            due += min(think.expovariate(self.options.rate), 5.0 / self.options.rate)
        if self.open:
            await asyncio.wait(set(self.open), timeout=TIMEOUT)

    async def run_sequential(self, started):
        while not self.is_over(started):
            await self.perform(next(self.plan))

    async def report(self):
        while True:
            await asyncio.sleep(1.0)
            window, self.window = self.window, []
            self.say({"p50": percentile(window, 0.5), "p95": percentile(window, 0.95)})

    def say(self, more):
        line = {"sent": self.sent, "ok": self.ok, "errors": self.errors}
        line.update(more)
        print(json.dumps(line), flush=True)

    async def run(self):
        loop = asyncio.get_event_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        began = time.monotonic()
        trouble = await self.sign_on()
        if trouble:
            print(trouble, file=sys.stderr)
        else:
            reporter = asyncio.ensure_future(self.report())
            started = time.monotonic()
            await (self.run_sequential(started) if self.options.sequential else self.run_open(started))
            reporter.cancel()
        self.client.close()
        if self.log:
            self.log.close()
        routes = {
            name: {"n": len(times), "p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
            for name, times in sorted(self.routes.items())
        }
        self.say(
            {
                "p50": percentile(self.all_times, 0.5), "p95": percentile(self.all_times, 0.95), "final": True,
                "first": self.plan.first, "seconds": round(time.monotonic() - began, 3), "firstError": self.first_error,
                "codes": dict(sorted(self.codes.items())), "routes": routes,
            }
        )  # fmt: skip
        return 1 if trouble else 0


async def start(options, plan):
    # Made within the loop: older Pythons bind an Event to the loop that they find.
    return await Traffic(options, plan).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second, open loop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--duration", type=float, default=0.0, help="seconds; 0: no end")
    parser.add_argument("--count", type=int, default=0, help="requests, the signing on included; 0: no end")
    parser.add_argument("--db", default="", help="file of the bank, to read the account numbers")
    parser.add_argument("--accounts", type=int, default=10000, help="without --db: size of the bank")
    parser.add_argument("--db-seed", type=int, default=1990, help="without --db: seed of the bank")
    parser.add_argument("--first", type=int, help="number of the first request; without it 0, or what --db says")
    parser.add_argument("--sequential", action="store_true", help="one request at a time, without think times")
    parser.add_argument("--log", default="", help="one line of JSON for each request")
    options = parser.parse_args()
    if options.rate <= 0:
        parser.error("--rate must be above 0")
    known = directory(options.db, options.accounts, options.db_seed)
    first = options.first if options.first is not None else next_number(options.db, options.seed)
    plan = Plan(options.seed, known, first)
    return asyncio.run(start(options, plan))


if __name__ == "__main__":
    sys.exit(main())
