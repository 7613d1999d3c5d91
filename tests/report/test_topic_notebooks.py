"""The analysts' notebooks run on another bank's folder when one parameter changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from stockcust.report.engines import execute

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def smallest_bank(tmp_path_factory):
    """Three tables with the fewest columns; no manager, no contact log, no product."""
    folder = tmp_path_factory.mktemp("bank")
    ids = [f"{i:05d}" for i in range(60)]
    branches = ["甲" if i % 3 else "乙" for i in range(60)]
    customers = pd.DataFrame({"客户号": ids, "归属机构": branches})
    amounts = [(i * 37_000) % 900_000 for i in range(60)]
    assets = pd.concat(
        pd.DataFrame({"客户号": ids, "统计月份": month, "AUM月日均": amounts, "时点AUM": amounts})
        for month in ("202603", "202604", "202605", "202606")
    )
    customers.to_csv(folder / "客户主档.csv", index=False)
    assets.to_csv(folder / "资产月快照.csv", index=False, encoding="gb18030")
    pd.DataFrame({"机构号": ["甲", "乙"]}).to_csv(folder / "机构.csv", index=False)
    return folder


@pytest.mark.parametrize("name", ["10_data_check", "20_segments", "30_man"])
def test_runs_on_the_smallest_bank_by_changing_the_folder(name, smallest_bank):
    execution = execute(
        NOTEBOOKS / f"{name}.ipynb", {"data": str(smallest_bank)}, "kernel", seconds=240
    )
    assert execution.failure is None, execution.failure
