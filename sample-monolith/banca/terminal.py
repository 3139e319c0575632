# TERMINAL    the roll: one line for each request, as on the old console
# --------------------------------------------------------------------------
# 08.05.02 G.F.  first version, the paper roll of the machine room is no more
#
# 18:35:55 TRANSFER     000001000173        000 OK                          3 MS

import sys
import time

ROLL = sys.stdout


# Blank: the roll is the screen.
def use_roll(path):
    global ROLL
    if path != "":
        ROLL = open(path, "a", encoding="utf-8")


# What stands between <NAME> and </NAME>, blank if it is not there.
def inside(answer, name):
    start = answer.find("<" + name + ">")
    if start < 0:
        return ""
    start = start + len(name) + 2
    return answer[start : answer.find("<", start)]


def subject_of(request):
    for name in ("account", "from", "customer", "operator"):
        if name in request["params"]:
            return request["params"][name]
    return "-"


def log_line(request, answer, started):
    code = inside(answer, "CODE")
    text = "OK" if code == "000" else inside(answer, "TEXT")
    program = request["path"].strip("/").replace("admin/", "").upper()
    took = int((time.time() - started) * 1000.0)
    # Nothing that could break the roll: printable signs only.
    subject = "".join(c if c.isprintable() else "." for c in subject_of(request))
    line = "{} {:<12.12} {:<24.24} {:<4} {:<28.28}{:>5} MS\n".format(
        time.strftime("%H:%M:%S"), program, subject, code, text, took
    )
    write(line)


def write(line):
    try:
        ROLL.write(line)
        ROLL.flush()
    except (OSError, ValueError, UnicodeError):
        # A roll that can not be written must not stop the bank.
        pass
