# BANK    Banca 1990: start and end of the day
# --------------------------------------------------------------------------
# python3 bank.py --db FILE --port N [--host 127.0.0.1] [--log FILE]
#
# 08.05.02 G.F.  first version. One process, one file, stopped by SIGTERM.

import argparse
import os
import signal
import sys
import threading

import db
import terminal
from server import Exchange


def main():
    parser = argparse.ArgumentParser(description="Banca 1990")
    parser.add_argument("--db", required=True, help="file of the bank (made by seed.py)")
    parser.add_argument("--port", type=int, required=True, help="0: any free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--log", default="", help="file of the roll; the screen if there is none")
    options = parser.parse_args()
    if not os.path.isfile(options.db):
        print("no file " + options.db + " (make one with seed.py)", file=sys.stderr)
        return 1
    db.use_file(options.db)
    terminal.use_roll(options.log)
    # Held open all day: while one connection is left, the WAL is not thrown away
    # and made again behind every single request.
    keeper = db.connect()
    keeper.execute("SELECT value FROM sequences").fetchall()
    try:
        exchange = Exchange((options.host, options.port))
    except OSError as e:
        print("port " + str(options.port) + ": " + str(e), file=sys.stderr)
        return 1

    def closing(number, frame):
        # shutdown() waits for the loop that this very thread runs.
        threading.Thread(target=exchange.shutdown).start()

    signal.signal(signal.SIGTERM, closing)
    signal.signal(signal.SIGINT, closing)
    print("listening " + options.host + ":" + str(exchange.server_address[1]), flush=True)
    exchange.serve_forever(poll_interval=0.1)
    exchange.server_close()
    exchange.drain(3.0)
    keeper.close()
    terminal.write("*** END OF DAY\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
