"""Where the report notebooks lie: in a checkout, or where an installation put them."""

from __future__ import annotations

import site
import sys
from pathlib import Path

import stockcust
from stockcust.errors import Problem, ReportError

BRANCH = "90_branch_report.ipynb"
OVERVIEW = "95_network_overview.ipynb"
_SHARED = Path("share", "stockcust", "notebooks")


def notebook_path(name: str) -> Path:
    """Find a notebook that comes with stockcust.

    Raises
    ------
    ReportError : the installation lacks it.
    """
    found = (folder / name for folder in _folders() if (folder / name).is_file())
    if path := next(found, None):
        return path
    raise ReportError(
        Problem(
            f"the notebook {name} is missing",
            " or ".join(map(str, _folders())),
            "install stockcust again, or run from a complete checkout",
        )
    )


def _folders() -> list[Path]:
    package = Path(stockcust.__file__).resolve().parent
    checkout = package.parents[1] / "notebooks"
    bases = [Path(sys.prefix), Path(site.getuserbase()), package.parent]
    return [checkout, *(base / _SHARED for base in bases)]
