"""Yuan and 万元 in one table."""

from __future__ import annotations

from pathlib import Path

from broken_files.case import AUM, CUSTOMERS, Case, Table, renamed, text_of, without, write, writes


def scaled(table: Table, headers: tuple[str, ...], factor: float, month: str = "") -> Table:
    places = [table[0].index(header) for header in headers]
    return [table[0]] + [
        [
            f"{float(cell) * factor:.6f}" if i in places and month in row[2] else cell
            for i, cell in enumerate(row)
        ]
        for row in table[1:]
    ]


MONEY = ("活期余额", "定期余额", "时点AUM", "AUM月日均")


def _many_customers(
    folder: Path, *, unit_of_branch: float, unit: float = 1, header: str = "时点AUM"
) -> None:
    """Sixty customers at two branches, one of which counts in another unit."""
    ids = [f"{i:06d}" for i in range(60)]
    customers = [
        ["客户号", "归属机构"],
        *([i, "0101" if n < 30 else "0102"] for n, i in enumerate(ids)),
    ]
    write(folder / "customers.csv", text_of(customers))
    (folder / "aum_monthly.csv").unlink()
    for branch in ("0101", "0102"):
        factor = unit_of_branch if branch == "0102" else unit
        rows = [
            [i, branch, "202606", f"{(n % 30 + 1) * 2000 * factor:.4f}"]
            for n, (i, home) in enumerate(customers[1:])
            if home == branch
        ]
        name = header if branch == "0102" else "时点AUM"
        write(folder / "aum_monthly" / f"{branch}.csv",
              text_of([["客户号", "归属机构", "数据日期", name], *rows]))  # fmt: skip


def _stray_months(folder: Path) -> None:
    _many_customers(folder, unit_of_branch=1)
    rows = [["000001", "0101", month, "5"] for month in ("196605", "202805")]
    with (folder / "aum_monthly" / "0101.csv").open("a", encoding="utf-8") as file:
        file.write(text_of(rows))


CASES = (
    Case("the point balance in 万元, the classes in yuan",
         writes("aum_monthly.csv", scaled(AUM, ("时点AUM",), 1e-4)),
         error=("aum_monthly.csv", "unit conflict", "sum of the classes")),
    Case("the classes in 万元, the point balance in yuan",
         writes("aum_monthly.csv", scaled(AUM, ("活期余额", "定期余额"), 1e-4)),
         error=("aum_monthly.csv", "unit conflict", "sum of the classes")),
    Case("the average in 万元, the point balance in yuan",
         writes("aum_monthly.csv", scaled(AUM, ("AUM月日均",), 1e-4)),
         error=("aum_monthly.csv", "unit conflict", "average_aum_cny")),
    Case("one month in 万元", writes("aum_monthly.csv", scaled(AUM, MONEY, 1e-4, "202606")),
         error=("aum_monthly.csv", "unit conflict", "2026-06")),
    Case("one branch's file in 万元", lambda folder: _many_customers(folder, unit_of_branch=1e-4),
         error=("aum_monthly/0102.csv", "unit conflict", "branch 0102")),
    Case("one branch's file in 万元 and says so",
         lambda folder: _many_customers(folder, unit_of_branch=1e-4, header="时点AUM（万元）"),
         notices=("unit_converted",), kept=(("aum_monthly", 60),)),
    Case("one branch is rich", lambda folder: _many_customers(folder, unit_of_branch=100),
         kept=(("aum_monthly", 60),)),
    Case("everything in 万元, as the headers say", writes("aum_monthly.csv", renamed(renamed(renamed(
        renamed(scaled(AUM, MONEY, 1e-4), "活期余额", "活期余额（万元）"), "定期余额", "定期余额 (万元)"),
        "时点AUM", "时点AUM[万元]"), "AUM月日均", "AUM月日均(单位:万元)")),
        notices=("unit_converted",), kept=(("aum_monthly", 12),)),
    Case("one header says 万元 and the cells are yuan",
         writes("aum_monthly.csv", renamed(AUM, "时点AUM", "时点AUM(万元)")),
         error=("aum_monthly.csv", "unit conflict")),
    Case("one month in thousands of yuan", writes("aum_monthly.csv", scaled(AUM, MONEY, 1e-3, "202606")),
         error=("aum_monthly.csv", "unit conflict", "2026-06")),
    Case("two months decades away from the others", _stray_months,
         rejects=tuple(("aum_monthly/0101.csv", row, "isolated_month") for row in (32, 33)),
         kept=(("aum_monthly", 60),)),
    Case("everything in 万元, and nobody says so",
         lambda folder: _many_customers(folder, unit_of_branch=1e-4, unit=1e-4),
         notices=("small_amounts",), kept=(("aum_monthly", 60),)),
    Case("dollars in the header", writes("aum_monthly.csv", renamed(AUM, "时点AUM", "时点AUM(美元)")),
         error=("aum_monthly.csv", "unit conflict", "美元")),
    Case("no point balance", writes("aum_monthly.csv", without(AUM, "时点AUM")), notices=("derived",),
         kept=(("aum_monthly", 12),)),
    Case("customers who are not in the assets",
         writes("customers.csv", [*CUSTOMERS, ["000007", *CUSTOMERS[1][1:]]]), kept=(("customers", 7),)),
)  # fmt: skip
