"""The ten operations on a seeded file, without the line."""

import os
import re
import unittest
from datetime import date, timedelta

from tests.house import Counter, File, field

import db
import calendars
import seed
from checks import coordinates
from interests import rule_of

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "answers.txt")
# What a clock or a random source gives; and the days that follow from today.
VOLATILE = re.compile("<(TIME|TOKEN|BANKDAY|VALUE|QUARTER|FIRST|MATURITY)>[^<]*<")


def account(index):
    return str(seed.account_number(index))


class Golden(unittest.TestCase):
    """Specimens. BLESS=1 writes the file anew; read the difference before it is committed."""

    def script(self, file):
        vip = str(file.rows(
            "SELECT a.number FROM accounts a JOIN customers c ON c.id = a.customer WHERE c.category = 'V' AND a.status = 'A'"
            " AND a.opened LIKE '____8_' AND c.born LIKE '____8_' AND a.balance > 10000 ORDER BY a.number")[0][0])  # fmt: skip
        archive = str(file.rows("SELECT number FROM accounts WHERE opened LIKE '____6_' AND opened NOT LIKE '%69' AND status = 'A'")[0][0])
        debtor = str(file.rows("SELECT number FROM accounts WHERE balance < -60 AND status = 'A' ORDER BY number")[0][0])
        # Accounts of the seventies: the points for the years have reached their ceiling.
        old = file.rows(
            "SELECT a.customer FROM accounts a JOIN movements m ON m.account = a.number WHERE a.opened LIKE '____7_'"
            " GROUP BY a.customer ORDER BY MIN(m.balance) LIMIT 1")[0][0]  # fmt: skip
        return [
            ("POST", "/login", {"operator": "t003", "pin": seed.operator_pin(3)}, 1),
            ("GET", "/balance", {"account": debtor}, 1),
            ("GET", "/limits", {"account": coordinates(int(vip))}, 1),
            ("GET", "/statement", {"account": debtor, "rows": "5"}, 1),
            ("POST", "/transfer", {"from": vip, "to": debtor, "amount": "250", "reason": "rent & lights"}, 1),
            ("POST", "/transfer", {"from": vip, "to": account(1), "amount": "12,50"}, 1),
            ("POST", "/interest", {"account": vip, "months": "12"}, 2),
            ("POST", "/interest", {"account": archive, "months": "6"}, 2),
            ("POST", "/interest", {"account": debtor, "months": "3"}, 2),
            ("POST", "/fees", {"account": debtor}, 3),
            ("POST", "/loan", {"account": vip, "amount": "10000", "months": "12"}, 3),
            ("GET", "/credit-score", {"customer": str(old)}, 1),
            ("GET", "/limits", {"account": vip}, 1),
            ("POST", "/admin/batch", {}, 0),
            ("POST", "/admin/batch", {}, 1),
            ("GET", "/nothing", {}, 1),
        ]

    def test_the_answers_are_those_of_the_golden_file(self):
        file = File()
        self.addCleanup(file.close)
        counter = Counter(file)
        lines = []
        for method, path, params, operator in self.script(file):
            answer = counter.ask(method, path, params, operator)
            lines.append("%s %s %s" % (method, path, " ".join("%s=%s" % pair for pair in params.items())))
            lines.append(VOLATILE.sub(r"<\1>*<", answer) + "\n")
        text = "\n".join(lines)
        if os.environ.get("BLESS"):
            with open(GOLDEN, "w", encoding="utf-8") as golden:
                golden.write(text)
        with open(GOLDEN, encoding="utf-8") as golden:
            self.assertEqual(text, golden.read())


class Operations(unittest.TestCase):
    def setUp(self):
        self.file = File(60)
        self.addCleanup(self.file.close)
        self.counter = Counter(self.file)
        self.file.change("UPDATE accounts SET status = 'A', balance = 1000.0, overdraft = 500.0")

    def code(self, *args, **kwargs):
        return field(self.counter.ask(*args, **kwargs), "CODE")

    def transfer(self, amount, source=0, target=7, **kwargs):
        return self.counter.ask("POST", "/transfer", {"from": account(source), "to": account(target), "amount": amount}, **kwargs)

    def test_a_repeated_request_gets_the_same_answer_and_changes_nothing(self):
        for path, params, operator in (
            ("/transfer", {"from": account(0), "to": account(7), "amount": "250"}, 1),
            ("/interest", {"account": account(0), "months": "3"}, 1),
            ("/fees", {"account": account(0)}, 1),
            ("/loan", {"account": account(0), "amount": "1000", "months": "12"}, 1),
            ("/admin/batch", {}, 0),
        ):
            with self.subTest(path=path):
                first = self.counter.ask("POST", path, params, operator, key="same" + path)
                self.assertEqual(field(first, "CODE"), "000", first)
                before = self.file.dump()
                self.assertEqual(self.counter.ask("POST", path, params, operator, key="same" + path), first)
                self.assertEqual(self.file.dump(), before)

    def test_a_key_belongs_to_one_operation(self):
        self.transfer("10", key="k")
        self.assertEqual(self.code("POST", "/fees", {"account": account(0)}, key="k"), "E105")

    def test_without_a_key_nothing_that_writes_is_done(self):
        before = self.file.dump()
        self.counter.token(1)
        for path in ("/transfer", "/interest", "/fees", "/loan", "/admin/batch"):
            self.assertEqual(self.code("POST", path, {}, key=""), "E104", path)
        self.assertEqual(self.file.dump()["accounts"], before["accounts"])

    def test_sessions_are_asked_for_and_expire(self):
        self.assertEqual(self.code("GET", "/balance", {"account": account(0)}, token=""), "E102")
        self.assertEqual(self.code("GET", "/balance", {"account": account(0)}, token="0" * 32), "E102")
        self.assertEqual(self.code("GET", "/balance", {"account": account(0)}, token=seed.expired_token()), "E103")
        self.assertEqual(self.code("POST", "/admin/batch", operator=1), "E107")
        self.assertEqual(self.code("POST", "/login", {"operator": "T001", "pin": "0"}), "E101")

    def test_a_refused_request_leaves_no_trace(self):
        self.counter.token(1)
        before = self.file.dump()
        for answer, code in (
            (self.transfer("1500.01"), "E306"),
            (self.transfer("10", target=0), "E305"),
            (self.counter.ask("POST", "/transfer", {"from": account(0), "to": account(70), "amount": "1"}), "E210"),
            (self.counter.ask("POST", "/interest", {"account": account(0), "months": "12 mesi"}), "E401"),
            (self.counter.ask("POST", "/loan", {"account": account(0), "amount": "1000", "months": "13"}), "E503"),
        ):
            self.assertEqual(field(answer, "CODE"), code)
        self.assertEqual(self.file.dump(), before)

    def test_what_nobody_expected_is_rolled_back_and_answered_E999(self):
        self.counter.token(1)
        self.file.change("UPDATE accounts SET interest_from = 'soon'")
        before = self.file.dump()
        self.assertEqual(self.code("POST", "/interest", {"account": account(0)}), "E999")
        self.assertEqual(self.file.dump(), before)

    def test_blocked_accounts_may_be_read_and_closed_ones_are_unknown(self):
        self.file.change("UPDATE accounts SET status = 'B' WHERE number = ?", int(account(0)))
        self.file.change("UPDATE accounts SET status = 'C' WHERE number = ?", int(account(1)))
        self.assertEqual(self.code("GET", "/balance", {"account": account(0)}), "000")
        self.assertEqual(self.code("POST", "/fees", {"account": account(0)}), "E211")
        self.assertEqual(self.code("GET", "/balance", {"account": account(1)}), "E210")

    def test_a_transfer_writes_two_movements_numbered_without_a_hole(self):
        last = self.file.rows("SELECT MAX(number) FROM movements")[0][0]
        answer = self.transfer("1250")
        rows = self.file.rows("SELECT number, account, amount, commission, balance, tranche, drawer FROM movements WHERE number > ?", last)
        payer, payee = int(account(0)), int(account(7))
        self.assertEqual(rows[0], (last + 1, payer, -1250.0, 0.62, -250.62, -3, -25062 % 7))
        self.assertEqual(rows[1], (last + 2, payee, 1250.0, 0.0, 2250.0, 22, 225000 % 7))
        self.assertEqual(field(answer, "BALANCE"), "-250.62")
        self.assertEqual(self.file.rows("SELECT value FROM sequences WHERE name = 'movement'"), [(last + 2,)])

    def test_the_ceiling_of_a_day_counts_only_today(self):
        self.file.change("UPDATE customers SET category = 'N'")
        self.file.change("UPDATE accounts SET used = 49990.0, used_day = ?", date.today().isoformat())
        self.assertEqual(field(self.transfer("20"), "CODE"), "E307")
        self.file.change("UPDATE accounts SET used_day = ?", (date.today() - timedelta(days=1)).isoformat())
        self.assertEqual(field(self.transfer("20"), "CODE"), "000")
        self.assertEqual(field(self.counter.ask("GET", "/limits", {"account": account(0)}), "USED"), "20.00")

    def test_interest_moves_its_start_and_writes_what_it_read(self):
        self.file.change("UPDATE accounts SET opened = '150365', interest_from = '2024-01-31'")
        self.assertEqual(self.code("POST", "/interest", {"account": account(0), "months": "1"}), "000")
        self.assertEqual(self.file.rows("SELECT rule, opened FROM postings"), [("ACT", "2065-03-15")])
        row = self.file.rows("SELECT interest_from FROM accounts WHERE number = ?", int(account(0)))
        self.assertEqual(row, [("2024-02-29",)])

    def test_the_evening_run_goes_round(self):
        firsts = [field(self.counter.ask("POST", "/admin/batch", operator=0), "FIRST") for _ in range(5)]
        self.assertEqual(firsts[0], account(0).zfill(12))
        self.assertEqual(firsts[1], account(25).zfill(12))
        self.assertEqual((firsts[3], firsts[4]), ("0" * 12, firsts[0]))
        accounts = self.file.rows("SELECT accounts FROM runs ORDER BY number")
        self.assertEqual(accounts, [(25,), (25,), (10,), (0,), (25,)])

    def test_value_dates_jump_over_holidays_and_weekends(self):
        con = db.connect()
        self.addCleanup(con.close)
        self.assertEqual(calendars.value_day(con, date(2026, 12, 23), 2), date(2026, 12, 28))
        self.assertEqual(calendars.value_day(con, date(2027, 3, 26), 1), date(2027, 3, 30))

    def test_the_rule_follows_the_day_as_it_is_read(self):
        for (text,) in self.file.rows("SELECT DISTINCT opened FROM accounts"):
            year = int(text[4:])
            self.assertEqual(rule_of(calendars.read_day(text)), "C360" if 69 <= year <= 91 else "ACT")


if __name__ == "__main__":
    unittest.main()
