# ERRORS    error of the bank, with the code that the terminal prints
# --------------------------------------------------------------------------
# Codes are those of the blue binder "MESSAGGI", ed. 3. The branches have them
# on paper: a code that is out is never given to something else.
#   E0xx line and message     E1xx session and keys    E2xx accounts
#   E3xx amounts              E4xx interest, score     E5xx loans
#   E999 anything the program did not expect (call the machine room)


class BankError(Exception):
    def __init__(self, code, text):
        Exception.__init__(self, code + " " + text)
        self.code = code
        self.text = text
