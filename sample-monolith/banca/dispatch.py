# DISPATCH    which program answers which request
# --------------------------------------------------------------------------
# 08.05.02 G.F.  first version
# 11.01.08 L.R.  E999 for everything unexpected: the branches print the code

from accounts import balance
from batch import batch
from errors import BankError
from fees import fees
from interests import interest
from limits import limits
from loans import loan
from scoring import credit_score
from sessions import login
from statements import statement
from transfers import transfer
from xmlout import render_error

ROUTES = {
    ("POST", "/login"): login,
    ("GET", "/balance"): balance,
    ("POST", "/transfer"): transfer,
    ("POST", "/interest"): interest,
    ("GET", "/credit-score"): credit_score,
    ("POST", "/loan"): loan,
    ("GET", "/statement"): statement,
    ("POST", "/fees"): fees,
    ("GET", "/limits"): limits,
    ("POST", "/admin/batch"): batch,
}


# Text of the answer to a request. Never fails: what goes wrong is an answer.
def serve(request):
    program = ROUTES.get((request["method"], request["path"]))
    if program is None:
        return render_error("E001", "OPERATION UNKNOWN")
    try:
        return program(request)
    except BankError as e:
        return render_error(e.code, e.text)
    except (ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError):
        return render_error("E999", "CALL THE MACHINE ROOM")
