# CHECKS    check digits of account numbers and bank coordinates
# --------------------------------------------------------------------------
# 30.09.90 A.C.  check digit, weights 7-3-1 as on the cheques
# 02.07.01 G.F.  national coordinates: ABI + CAB + account + 2 check digits

from errors import BankError

ABI = "03990"
CAB = "01990"
WEIGHTS = [7, 3, 1]


# Check digit of the serial part of an account number.
def check_digit(serial):
    digits = str(serial)
    total = 0
    for i in range(len(digits)):
        total = total + int(digits[i]) * WEIGHTS[i % 3]
    return (10 - total % 10) % 10


# Full coordinates of an account: 22 digits and 2 check digits by 97.
def coordinates(number):
    body = ABI + CAB + str(number).zfill(12)
    return body + check_97(body)


def check_97(body):
    rest = int(body + "00") % 97
    return str(98 - rest).zfill(2)


# Account number as the branch sends it: short (with or without the zeros in
# front, with blanks or dashes) or as full coordinates of 24 digits.
def read_account(text):
    digits = text.strip().replace(" ", "").replace("-", "")
    if digits == "":
        raise BankError("E201", "ACCOUNT MISSING")
    if len(digits) == 24:
        digits = short_number(digits)
    if len(digits) > 12:
        raise BankError("E205", "ACCOUNT TOO LONG")
    number = 0
    try:
        number = int(digits)
    except ValueError:
        raise BankError("E202", "ACCOUNT NOT NUMERIC")
    if check_digit(number // 10) != number % 10:
        raise BankError("E203", "CHECK DIGIT WRONG")
    return number


def short_number(digits):
    if not digits.startswith(ABI + CAB):
        raise BankError("E206", "NOT OUR BANK")
    rest = int(digits) % 97
    if rest != 1:
        raise BankError("E204", "COORDINATES WRONG")
    return digits[10:22]
