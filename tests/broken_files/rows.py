"""Whole rows: totals, duplicates, orphans."""

from __future__ import annotations

from broken_files.case import AUM, BRANCHES, CUSTOMERS, Case, changed, writes

TOTAL = ["合计", "", "", "5393110.01", "1870009.99", "7253020.00", ""]
CASES = (
    Case("a total row at the end", writes("aum_monthly.csv", [*AUM, TOTAL]), notices=("total_rows",),
         kept=(("aum_monthly", 12),)),
    Case("a subtotal after each branch",
         writes("aum_monthly.csv", [*AUM[:4], ["0101小计", *TOTAL[1:]], *AUM[4:], ["总计：", *TOTAL[1:]]]),
         notices=("total_rows",), kept=(("aum_monthly", 12),)),
    Case("an English total", writes("aum_monthly.csv", [*AUM, ["Grand Total", *TOTAL[1:]]]),
         notices=("total_rows",), kept=(("aum_monthly", 12),)),
    Case("the same row twice", writes("aum_monthly.csv", [*AUM, AUM[1]]), notices=("duplicates_merged",),
         kept=(("aum_monthly", 12),)),
    Case("two rows for one month that differ",
         writes("aum_monthly.csv", [*AUM, changed(AUM, 2, "定期余额", "50001")[1]]),
         rejects=(("aum_monthly.csv", 2, "conflicting_duplicate"),
                  ("aum_monthly.csv", 14, "conflicting_duplicate"))),
    Case("three rows for one customer, one of them different",
         writes("customers.csv", [*CUSTOMERS, CUSTOMERS[1], changed(CUSTOMERS, 2, "性别", "女")[1]]),
         rejects=(*(("customers.csv", row, "conflicting_duplicate") for row in (2, 8, 9)),
                  ("aum_monthly.csv", 2, "customer_rejected"), ("aum_monthly.csv", 8, "customer_rejected"))),
    Case("one branch under two names", writes("branches.csv", [*BRANCHES, ["0101", "城东分理处"]]),
         rejects=(("branches.csv", 2, "conflicting_duplicate"), ("branches.csv", 4, "conflicting_duplicate"),
                  *(("customers.csv", row, "branch_rejected") for row in (2, 3, 4)),
                  *(("aum_monthly.csv", row, "branch_rejected") for row in (2, 3, 4, 8, 9, 10)))),
    Case("assets of nobody", writes("aum_monthly.csv", [*AUM, ["000999", *AUM[1][1:]]]),
         rejects=(("aum_monthly.csv", 14, "unknown_customer"),)),
    Case("assets at a branch nobody knows",
         writes("aum_monthly.csv", [*AUM, ["000001", "0999", "202604", *AUM[1][3:]]]),
         rejects=(("aum_monthly.csv", 14, "unknown_branch"),)),
    Case("assets at the customer's old branch",
         writes("aum_monthly.csv", [*AUM, ["000001", "0102", "202604", *AUM[1][3:]]]),
         notices=("customer_at_other_branch",), kept=(("aum_monthly", 13),)),
    Case("a month is missing", writes("aum_monthly.csv", [*AUM[:8], *AUM[9:]]),
         notices=("missing_months",), kept=(("aum_monthly", 11),)),
    Case("balances that do not add up", writes("aum_monthly.csv", changed(AUM, 2, "时点AUM", "51100")),
         notices=("sum_mismatch",), kept=(("aum_monthly", 12),)),
    Case("a month's end dressed up", writes("aum_monthly.csv", changed(AUM, 3, "AUM月日均", "50")),
         notices=("average_far_from_point",), kept=(("aum_monthly", 12),)),
)  # fmt: skip
