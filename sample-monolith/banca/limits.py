# LIMITS    what an account may still do today
# --------------------------------------------------------------------------
# 02.07.01 G.F.  first version, with the full coordinates

from accounts import available, load_account
from checks import coordinates, read_account
from db import connect
from money import cents, printed
from sessions import need_session
from transfers import DAY_LIMITS, used_today
from xmlout import fixed_account, render


# GET /limits    account
def limits(request):
    number = read_account(request["params"].get("account", ""))
    con = connect()
    try:
        need_session(con, request["headers"].get("x-session", ""))
        account = load_account(con, number)
    finally:
        con.close()
    ceiling = DAY_LIMITS[account["category"]]
    used = used_today(account["used"], account["used_day"])
    free = available(account["balance"], account["overdraft"])
    # Below the overdraft nothing goes out, whatever the ceiling says.
    left = max(0.0, min(round(ceiling - used, 2), free))
    fields = {
        "ACCOUNT": fixed_account(number),
        "COORDINATES": coordinates(number),
        "STATUS": account["status"],
        "OVERDRAFT": printed(account["overdraft"]),
        "CEILING": printed(ceiling),
        "USED": printed(used),
        "LEFT": printed(left),
        "HUNDREDS": str(cents(free) // 10000),
    }
    return render("LIMITS", fields)
