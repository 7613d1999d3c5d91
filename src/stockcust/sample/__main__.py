"""`python -m stockcust.sample [OUT]`: write the bank that the project ships as its sample."""

from __future__ import annotations

import sys

from stockcust.sample import generate, write_sample

if __name__ == "__main__":
    write_sample(generate(), sys.argv[1] if len(sys.argv) > 1 else "data/sample")
