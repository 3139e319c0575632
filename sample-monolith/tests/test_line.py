"""The bank as a process: the line, many terminals at once, the end of the day, the traffic."""

import http.client
import json
import socket
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from tests.house import File, Process, field, run

import seed


class Line(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.file = File()
        cls.addClassCleanup(cls.file.close)
        cls.bank = Process(cls.file)
        cls.addClassCleanup(cls.bank.stop)

    def test_it_says_when_it_is_ready(self):
        self.assertEqual(self.bank.ready, "listening 127.0.0.1:%d" % self.bank.port)

    def test_errors_are_answers_with_status_200(self):
        status, content_type, text = self.bank.ask("/balance?account=1")
        self.assertEqual((status, content_type), (200, "text/xml; charset=utf-8"))
        self.assertEqual(field(text, "CODE"), "E203")

    def test_names_travel_as_utf_8(self):
        accented = self.file.rows(
            "SELECT a.number FROM accounts a JOIN customers c ON c.id = a.customer WHERE c.name LIKE '%Nicolò' AND a.status = 'A'"
        )[0][0]
        text = self.bank.ask("/balance?account=%d" % accented, headers={"X-Session": self.bank.sign_on()})[2]
        self.assertIn("NICOLÒ", field(text, "HOLDER"))

    def test_a_line_stays_open_and_does_not_stall(self):
        line = http.client.HTTPConnection("127.0.0.1", self.bank.port, timeout=10)
        self.addCleanup(line.close)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            line.request("POST", "/login", "operator=T001&pin=0", {"Content-Type": "application/x-www-form-urlencoded"})
            line.getresponse().read()
            times.append(time.perf_counter() - started)
        # Nagle against the delayed acknowledgement would cost 40 ms on every request.
        self.assertLess(sorted(times)[10], 0.03)

    def test_a_form_without_a_length_is_refused_and_the_line_is_closed(self):
        with socket.create_connection(("127.0.0.1", self.bank.port), timeout=10) as line:
            line.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\n\r\n")
            text = b""
            while True:
                part = line.recv(4096)
                if not part:
                    break
                text += part
        self.assertIn(b"E002", text)
        self.assertIn(b"Connection: close", text)


class Terminals(unittest.TestCase):
    def test_200_transfers_at_once_neither_make_nor_lose_a_cent(self):
        file = File()
        self.addCleanup(file.close)
        bank = Process(file)
        self.addCleanup(bank.stop)
        token = bank.sign_on()
        before = file.rows("SELECT number, balance FROM accounts WHERE status = 'A' ORDER BY number LIMIT 20")
        numbers = [row[0] for row in before]
        last = file.rows("SELECT MAX(number) FROM movements")[0][0]

        def send(i):
            form = {"from": numbers[i % 20], "to": numbers[(i * 7 + 3) % 20], "amount": "%d" % (10 + i % 90)}
            # Every fourth one is a repetition of the one before it.
            n = i - 1 if i % 4 == 3 else i
            form = form if n == i else dict(form, **{"from": numbers[n % 20], "to": numbers[(n * 7 + 3) % 20], "amount": "%d" % (10 + n % 90)})
            return n, bank.ask("/transfer", form, {"X-Session": token, "Idempotency-Key": "P%d" % n})[2]

        with ThreadPoolExecutor(32) as pool:
            answers = list(pool.map(send, range(200)))
        by_key = {}
        for n, answer in answers:
            if field(answer, "CODE") == "000":
                self.assertEqual(by_key.setdefault(n, answer), answer)
        self.assertGreater(len(by_key), 100)
        moved = file.rows("SELECT COUNT(*), MAX(number) FROM movements WHERE number > ?", last)[0]
        # Numbered without a hole: as many as the numbering has gone on.
        self.assertEqual(moved, (2 * len(by_key), last + 2 * len(by_key)))
        after = dict(file.rows("SELECT number, balance FROM accounts"))
        commissions = sum(round(float(field(answer, "COMMISSION")) * 100) for answer in by_key.values())
        lost = sum(round(balance * 100) - round(after[number] * 100) for number, balance in before)
        self.assertEqual(lost, commissions)

    def test_sigterm_ends_the_day(self):
        file = File(20)
        self.addCleanup(file.close)
        bank = Process(file)
        bank.sign_on()
        self.assertEqual(bank.stop(), 0)
        with open(bank.roll, encoding="utf-8") as roll:
            lines = roll.read().splitlines()
        self.assertRegex(lines[0], r"^\d\d:\d\d:\d\d LOGIN +T001 +000 +OK +\d+ MS$")
        self.assertEqual(lines[-1], "*** END OF DAY")


class Traffic(unittest.TestCase):
    def drive(self, file, *options):
        bank = Process(file)
        self.addCleanup(bank.stop)
        log = file.path + ".jsonl"
        code, printed = run("traffic.py", "--url", bank.url, "--db", file.path, "--log", log, *options)
        self.assertEqual(bank.stop(), 0)
        with open(log, encoding="utf-8") as lines:
            return code, json.loads(printed.splitlines()[-1]), [json.loads(line) for line in lines]

    def test_the_mix_runs_without_an_error_and_reaches_every_operation(self):
        file = File()
        self.addCleanup(file.close)
        code, final, log = self.drive(file, "--rate", "250", "--duration", "2", "--seed", "5")
        self.assertEqual((code, final["errors"], final["final"]), (0, 0, True))
        self.assertEqual(final["ok"], len(log))
        self.assertEqual(len(final["routes"]), 10)
        self.assertGreater(final["codes"]["000"], final["ok"] * 0.8)
        self.assertGreater(len(final["codes"]), 4)

    def test_the_same_seed_one_after_the_other_leaves_the_same_bank(self):
        dumps, asked = [], []
        for _ in range(2):
            file = File()
            self.addCleanup(file.close)
            _, final, log = self.drive(file, "--sequential", "--count", "300", "--seed", "9")
            self.assertEqual((final["sent"], final["errors"]), (300, 0))
            dumps.append(file.dump())
            asked.append([(line["n"], line["route"], line["key"], line["code"]) for line in log])
        self.assertEqual(asked[0], asked[1])
        self.assertEqual(dumps[0], dumps[1])
        keys = [key for _, route, key, _ in asked[0] if key]
        self.assertGreater(len(keys), len(set(keys)), "no request was repeated")

    def test_a_second_run_on_the_same_file_goes_on_with_new_keys(self):
        file = File()
        self.addCleanup(file.close)
        options = ("--sequential", "--count", "60", "--seed", "3")
        self.assertEqual(self.drive(file, *options)[1]["first"], 0)
        stored = file.rows("SELECT MAX(key), COUNT(*) FROM requests")[0]
        self.assertEqual(self.drive(file, *options)[1]["first"], int(stored[0][3:]) + 1)
        self.assertGreater(file.rows("SELECT COUNT(*) FROM requests")[0][0], stored[1])

    def test_a_bank_that_does_not_answer_is_said_so(self):
        file = File(20)
        self.addCleanup(file.close)
        code, printed = run("traffic.py", "--url", "http://127.0.0.1:1", "--db", file.path)
        self.assertEqual(code, 1)
        self.assertIn("nobody answers", printed)


class Seed(unittest.TestCase):
    def test_the_same_seed_makes_the_same_bank_and_another_one_another(self):
        first, second, third = File(100, 1), File(100, 1), File(100, 2)
        for file in (first, second, third):
            self.addCleanup(file.close)
        self.assertEqual(first.dump(), second.dump())
        self.assertNotEqual(first.dump(), third.dump())

    def test_the_bank_has_the_customers_that_the_oddities_need(self):
        file = File(3000)
        self.addCleanup(file.close)
        share = file.rows(
            "SELECT AVG(balance < 0), AVG(substr(opened, 5) BETWEEN '50' AND '68'), AVG(category = 'V')"
            " FROM accounts a JOIN customers c ON c.id = a.customer"
        )[0]
        for value, low, high in zip(share, (0.06, 0.05, 0.10), (0.10, 0.09, 0.14)):
            self.assertTrue(low <= value <= high, share)
        self.assertEqual(file.rows("PRAGMA journal_mode"), [("wal",)])

    def test_a_file_that_exists_is_not_touched(self):
        file = File(20)
        self.addCleanup(file.close)
        before = file.dump()
        self.assertEqual(run("seed.py", "--out", file.path)[0], 1)
        self.assertEqual(file.dump(), before)

    def test_easter_monday_is_a_holiday(self):
        days = dict(seed.holidays(2024, 2027))
        for day in ("2024-04-01", "2025-04-21", "2026-04-06", "2027-03-29"):
            self.assertEqual(days[day], "Lunedì dell'Angelo")


if __name__ == "__main__":
    unittest.main()
