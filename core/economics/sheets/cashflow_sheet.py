"""The Cashflow sheet: one row a month, all of it formulas over the inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

import numpy as np

from core.economics.cashflow import ROUNDING_USD, discounted
from core.economics.sheets.cells import Book, Formula, Shape
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import expected_future
from core.economics.tuning.months import Floats, months_of

SHEET: Final = "Cashflow"
FIRST_ROW: Final = 6  # of month 0
SPARE_MONTHS: Final = 60  # a reader may try a longer horizon than the case has
ROUNDING: Final = f"{ROUNDING_USD:.6f}"


@dataclass(frozen=True)
class Column:
    """One column: its formula for month {r}, with {p} the month before, and for month 0."""

    key: str
    words: str
    shape: Shape
    formula: str
    first: str | None = None  # None: month 0 is left empty


COLUMNS: Final = (
    Column("month", "Month", "whole", "=A{p}+1", "=0"),
    Column("live", "Live", "whole", "=IF(AND(A{r}>lead_months,A{r}<=months_counted),1,0)"),
    Column("volume", "Volume factor", "factor", "=(1+monthly_growth)^A{r}"),
    Column(
        "price",
        "Price factor, today's model",
        "factor",
        "=(1-yearly_price_decline)^(A{r}/12)"
        "*IF(ISNUMBER(reprice_month),IF(A{r}>=reprice_month,reprice_factor,1),1)",
    ),
    Column(
        "tuned_price",
        "Price factor, tuned model",
        "factor",
        "=(1-tuned_yearly_price_decline)^(A{r}/12)",
    ),
    Column("routed", "Bill without the tuned model", "usd", "=B{r}*routed_bill*C{r}*D{r}"),
    Column("handed_back", "Handed back, paid twice", "usd", "=fallback_share*F{r}"),
    Column("tuned", "Tuned model", "usd", "=B{r}*tuned_bill*C{r}*E{r}"),
    Column("running", "Running", "usd", "=B{r}*running_cost"),
    Column(
        "retraining",
        "Retraining",
        "usd",
        "=IF(AND(B{r}=1,A{r}<months_counted),"
        "IF(MOD(A{r}-lead_months,retrain_every_months)=0,retrain_usd,0),0)",
    ),
    Column("works", "Net if it works", "usd", "=F{r}-G{r}-H{r}-I{r}-J{r}"),
    Column("net", "Net expected", "usd", "=(1-failure_chance)*K{r}", "=-investment"),
    Column("balance", "Balance", "usd", "=M{p}+L{r}", "=L{r}"),
    Column("discounted", "Net, discounted", "usd", "=L{r}/(1+monthly_discount)^A{r}", "=L{r}"),
    Column("value", "Balance, discounted", "usd", "=O{p}+N{r}", "=N{r}"),
    Column(
        "reached",
        "If reached here, zero at month",
        "months",
        f"=IF(L{{r}}>{ROUNDING},A{{p}}+MIN(1,MAX(0,-M{{p}}/L{{r}})),A{{r}})",
        "=0",
    ),
    Column(
        "below",
        "Below zero until month",
        "whole",
        f"=IF(M{{r}}<-{ROUNDING},A{{r}}+1,0)",
        f"=IF(M{{r}}<-{ROUNDING},1,0)",
    ),
    Column(
        "value_reached",
        "Discounted: zero at month",
        "months",
        f"=IF(N{{r}}>{ROUNDING},A{{p}}+MIN(1,MAX(0,-O{{p}}/N{{r}})),A{{r}})",
        "=0",
    ),
    Column(
        "value_below",
        "Discounted: below zero until month",
        "whole",
        f"=IF(O{{r}}<-{ROUNDING},A{{r}}+1,0)",
        f"=IF(O{{r}}<-{ROUNDING},1,0)",
    ),
    Column("above", "Balance above zero", "whole", *2 * (f"=IF(M{{r}}>{ROUNDING},1,0)",)),
    Column("changes", "It changes sides", "whole", "=ABS(T{r}-T{p})", "=0"),
)
LETTERS: Final = {c.key: letter for c, letter in zip(COLUMNS, ascii_uppercase, strict=False)}


def months_shown(case: FineTuneCase) -> int:
    """How many months the sheet has rows for: the horizon, and room to try a longer one."""
    return max(case.horizon_months, SPARE_MONTHS)


def cells(key: str, first: int, last: int) -> str:
    """The cells of a column for months `first` to `last`, as other sheets write them."""
    letter = LETTERS[key]
    return f"{SHEET}!{letter}{FIRST_ROW + first}:{letter}{FIRST_ROW + last}"


def cell(key: str, month: int) -> str:
    """The cell of a column for one month, as other sheets write it."""
    return f"{SHEET}!{LETTERS[key]}{FIRST_ROW + month}"


def write_cashflow(book: Book, case: FineTuneCase) -> None:
    """Write the sheet; rows after the months that count hold no money and are grey."""
    page = book.page(SHEET, (8, 7, *[13] * (len(COLUMNS) - 2)))
    page.title(
        "Cash flow, USD",
        "Month 0 is the investment; the flow of a month falls at its end. Costs are positive "
        "in columns F to J, money out is negative from K on.",
        "Columns P to U find the paybacks: they are read by the Result sheet.",
    )
    page.head(FIRST_ROW - 1, [column.words for column in COLUMNS])
    page.sheet.freeze_panes(FIRST_ROW - 1, 1)
    shown, values = months_shown(case), _values(case)
    for month in range(shown + 1):
        row = FIRST_ROW + month
        for column in COLUMNS:
            text = column.formula if month else column.first
            if text is not None:
                value = float(values[column.key][month])
                formula = Formula(text.format(r=row, p=row - 1), value)
                page.put(f"{LETTERS[column.key]}{row}", formula, column.shape)
    page.sheet.conditional_format(
        f"A{FIRST_ROW}:{LETTERS['changes']}{FIRST_ROW + shown}",
        {
            "type": "formula",
            "criteria": f"=$A{FIRST_ROW}>months_counted",
            "format": book.file.add_format({"font_color": "#BFBFBF"}),
        },
    )


def _values(case: FineTuneCase) -> Mapping[str, Floats]:
    """What the formulas come to, months 0, 1, ... (month 0 of empty cells is not read)."""
    shown = months_shown(case)
    months = months_of(case, shown)
    investment = expected_future(case).investment_usd[0]
    net = np.append(-investment, (1.0 - case.failure_chance) * months.net_usd)
    balance = np.cumsum(net)
    worth = discounted(net, case.yearly_discount_rate)
    value = np.cumsum(worth)
    above = balance > ROUNDING_USD
    lines = {
        "live": months.live,
        "volume": months.volume,
        "price": months.price,
        "tuned_price": months.tuned_price,
        "routed": months.routed_usd,
        "handed_back": months.handed_back_usd,
        "tuned": months.tuned_usd,
        "running": months.running_usd,
        "retraining": months.retraining_usd,
        "works": months.net_usd,
        "changes": np.abs(np.diff(above.astype(np.float64))),
    }
    t = np.arange(shown + 1)
    return {key: np.append(0.0, line) for key, line in lines.items()} | {
        "month": t.astype(np.float64),
        "net": net,
        "balance": balance,
        "discounted": worth,
        "value": value,
        "reached": _reached(net, balance),
        "below": np.where(balance < -ROUNDING_USD, t + 1.0, 0.0),
        "value_reached": _reached(worth, value),
        "value_below": np.where(value < -ROUNDING_USD, t + 1.0, 0.0),
        "above": above.astype(np.float64),
    }


def _reached(net: Floats, balance: Floats) -> Floats:
    t = np.arange(net.size, dtype=np.float64)
    before = np.append(0.0, balance[:-1])
    grows = net > ROUNDING_USD
    part = np.divide(-before, net, out=np.ones_like(net), where=grows)
    return np.where(grows & (t > 0), t - 1.0 + np.clip(part, 0.0, 1.0), t)
