"""The rules by themselves: no file, no line."""

import unittest
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import tests.house  # noqa: F401  (puts the bank on the path)

import batch
import calendars
import checks
import fees
import interests
import loans
import money
import scoring
import statements
import transfers
import xmlout
from errors import BankError


def half_even(value):
    """Two decimals of the exact binary value, by decimal arithmetic: another road to the same cent."""
    return float(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_EVEN))


class Amounts(unittest.TestCase):
    def test_a_commission_is_rounded_from_the_binary_value_and_ties_go_to_the_even_cent(self):
        self.assertEqual([transfers.commission_of(x) for x in (250.0, 750.0, 150.0)], [0.12, 0.38, 0.07])
        for amount in range(110, 40000, 10):
            self.assertEqual(transfers.commission_of(float(amount)), half_even(amount * 0.0005))

    def test_a_commission_has_a_minimum_and_a_maximum(self):
        self.assertEqual(transfers.commission_of(1.0), 0.05)
        self.assertEqual(transfers.commission_of(500000.0), 25.0)

    def test_an_amount_is_cut_to_cents_and_may_lose_one_to_the_binary_value(self):
        self.assertEqual(money.read_amount("100.009"), 100.0)
        self.assertEqual(money.read_amount(" 1e3 "), 1000.0)
        self.assertEqual(money.cut(4.35), 4.34)

    def test_what_is_not_wholly_a_number_is_refused(self):
        for text, code in (
            ("", "E301"), ("12,50", "E302"), ("100EUR", "E302"), ("-1", "E303"), ("0", "E303"), ("nan", "E303"),
            ("inf", "E304"), ("500000.01", "E304"),
        ):  # fmt: skip
            with self.subTest(text=text), self.assertRaises(BankError) as caught:
                money.read_amount(text)
            self.assertEqual(caught.exception.code, code)

    def test_debts_have_tranches_and_drawers_that_go_down(self):
        self.assertEqual([money.tranche_of(x) for x in (250.0, 0.0, -0.01, -100.0, -100.01)], [2, 0, -1, -1, -2])
        self.assertEqual([money.drawer_of(x) for x in (0.08, -0.01, -0.07, -0.08)], [1, 6, 0, 6])

    def test_steps_of_overdraft_count_from_the_first_cent(self):
        self.assertEqual([fees.steps_of(x) for x in (0, -1, -5000, -5001)], [0, -1, -1, -2])
        self.assertEqual([fees.remainder_of(x) for x in (0, -1, -5000, -5001)], [0, 4999, 0, 4999])

    def test_accruals_of_debts_go_away_from_zero(self):
        self.assertEqual(batch.day_accrual(100000, "ACT"), 4794)
        self.assertEqual(batch.day_accrual(-100000, "ACT"), -39042)
        self.assertEqual(batch.day_accrual(-100000, "C360"), -39584)


class CheckDigits(unittest.TestCase):
    def test_coordinates_leave_1_by_97(self):
        for number in (1000012, 1000021, 999999999999):
            self.assertEqual(int(checks.coordinates(number)) % 97, 1)
            self.assertEqual(len(checks.coordinates(number)), 24)

    def test_an_account_is_read_in_every_way_it_is_written(self):
        for text in ("1000012", "000001000012", " 1000-012 ", checks.coordinates(1000012)):
            self.assertEqual(checks.read_account(text), 1000012)

    def test_wrong_numbers_are_refused_by_the_right_code(self):
        good = checks.coordinates(1000012)
        for text, code in (
            ("", "E201"), ("1000012X", "E202"), ("1000013", "E203"), (good[:-1] + str((int(good[-1]) + 1) % 10), "E204"),
            ("1" * 13, "E205"), ("9" + good[1:], "E206"),
        ):  # fmt: skip
            with self.subTest(text=text), self.assertRaises(BankError) as caught:
                checks.read_account(text)
            self.assertEqual(caught.exception.code, code)


class Dates(unittest.TestCase):
    def test_years_up_to_68_are_read_as_of_this_century(self):
        self.assertEqual(calendars.read_day("150365"), date(2065, 3, 15))
        self.assertEqual(calendars.read_day("150369"), date(1969, 3, 15))
        self.assertEqual(interests.rule_of(calendars.read_day("150365")), "ACT")
        self.assertEqual(interests.rule_of(calendars.read_day("311291")), "C360")

    def test_a_birthday_is_never_in_the_future(self):
        self.assertEqual(calendars.read_birthday("290268"), date(1968, 2, 29))
        self.assertEqual(calendars.read_birthday("010199"), date(1999, 1, 1))

    def test_months_end_where_the_month_ends(self):
        self.assertEqual(calendars.add_months(date(2027, 12, 31), 2), date(2028, 2, 29))
        self.assertEqual(calendars.days_360(date(2027, 1, 31), date(2027, 3, 1)), 31)

    def test_the_day_of_a_paper_has_two_digits_of_the_year(self):
        self.assertEqual(statements.paper_day("2003-11-22"), "22.11.03")


class Interest(unittest.TestCase):
    def test_vip_interest_is_rounded_every_month(self):
        self.assertEqual(interests.vip_interest(12345.0, "C360", date(2024, 1, 1), 1), 61.72)
        for start in range(1000, 60000, 977):
            grown = float(start)
            for _ in range(18):
                grown = half_even(grown + half_even(grown * 0.06 * (30.0 / 360.0)))
            self.assertEqual(interests.vip_interest(float(start), "C360", date(2024, 1, 1), 18), half_even(grown - start))

    def test_the_true_calendar_knows_the_leap_year(self):
        plain = [interests.vip_interest(10000.0, "ACT", date(year, 2, 1), 1) for year in (2023, 2024)]
        self.assertEqual(plain, [46.03, 47.54])

    def test_debts_give_a_negative_interest_cut_towards_zero(self):
        self.assertEqual(interests.plain_interest(-333.0, "C360", date(2024, 1, 1), date(2024, 4, 1)), -11.86)
        self.assertEqual(interests.plain_interest(333.0, "ACT", date(2024, 1, 1), date(2024, 4, 1)), 1.45)


class Others(unittest.TestCase):
    def test_the_first_band_in_the_order_of_the_committee_wins(self):
        self.assertEqual([scoring.band_of(x) for x in (0, 450, 580, 581, 660, 661, 1000)], list("CCCBBAA"))

    def test_an_instalment_pays_the_loan_back(self):
        instalment = loans.instalment_of(10000.0, 10.25, 36)
        left = 10000.0
        for _ in range(36):
            left = left * (1.0 + 10.25 / 1200.0) - instalment
        self.assertLess(abs(left), 0.25)

    def test_totals_by_cause_keep_the_order_of_the_paper(self):
        self.assertEqual(statements.causes_text({48: 300.0, 26: -120.0}), "048=300.00;026=-120.00")

    def test_an_answer_is_written_in_order_and_escaped(self):
        self.assertTrue(xmlout.render("X", {"B": "Rossi & Figli", "A": "<"}).endswith("<B>Rossi &amp; Figli</B><A>&lt;</A></ANSWER>"))
        self.assertEqual(xmlout.fixed_name("Nicolò D'Amico"), "NICOLÒ D'AMICO                ")


if __name__ == "__main__":
    unittest.main()
