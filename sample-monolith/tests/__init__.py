"""Tests of the bank itself: python3 -m unittest discover -s sample-monolith -t sample-monolith"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BANK = os.path.join(ROOT, "banca")
for folder in (BANK, ROOT):
    if folder not in sys.path:
        sys.path.insert(0, folder)
