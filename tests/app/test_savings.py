"""Savings: the two bills over a year, and what they hinge on."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import planning, services
from app.parts.wording import usd
from core.frozen.document import Figures

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Compute = Callable[..., Figures]


def digest() -> str:
    (log,) = services.known_logs()
    return log.digest


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("savings", kind)
    assert len(app.info) == 1 and len(app.get("page_link")) == 1
    assert not app.metric


def test_the_year_is_the_sum_of_its_months(open_app: Open, figures: Compute) -> None:
    app = open_app("savings", "sorted")
    central = figures(digest()).central
    assert usd(central.total_saving_usd) in app.header[0].value.replace("\\", "")
    (table,) = [t.value for t in app.dataframe if "Month" in t.value.columns]
    assert len(table) == 12
    assert float(table["Saved"].sum()) == pytest.approx(central.total_saving_usd)
    assert float(table["Saved so far"].iloc[-1]) == pytest.approx(central.total_saving_usd)
    # A bill that falls 30% a year falls by the twelfth root of 0.7 a month.
    months = table["As today"].to_list()
    assert months[1] / months[0] == pytest.approx(0.7 ** (1 / 12))


def edit(app: AppTest, row: int, **values: float) -> AppTest:
    """Type into the table of assumptions."""
    key = f"outlook-{digest()}"
    kept = app.session_state[key] if key in app.session_state else {}  # noqa: SIM401 - no .get
    rows = dict(kept.get("edited_rows", {}))
    rows[row] = {**rows.get(row, {}), **values}
    app.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return app.run()


def test_the_assumptions_move_the_saving(open_app: Open, words: Words, figures: Compute) -> None:
    app = open_app("savings", "sorted")
    usual = app.header[0].value
    edit(app, 0, Likely=5.0)
    edit(app, 1, Low=0.0, Likely=0.0, High=0.0)
    app.number_input(key=f"cache-{digest()}").set_value(50.0).run()
    assert not app.exception
    changed = figures(digest(), monthly_growth=0.05, yearly_price_decline=0.0, cache_kept=0.5)
    assert usd(changed.central.total_saving_usd) in app.header[0].value.replace("\\", "")
    assert app.header[0].value != usual
    # Growth alone: the sum of 1.05^1..12 or 1.05^0..11 months of saving.
    months = [m / changed.central.saving_usd[0] for m in changed.central.saving_usd]
    assert months == pytest.approx([1.05**n for n in range(12)])


def test_the_assumptions_are_there_again_after_a_reload(open_app: Open) -> None:
    app = open_app("savings", "sorted")
    edit(app, 0, Low=1.0, Likely=5.0, High=6.0)
    app.radio(key=f"months-{digest()}").set_value(24).run()
    app.selectbox(key=f"ramp-{digest()}").set_value("Over 8 weeks").run()
    again = open_app("savings", log=digest())
    (table,) = [t.value for t in again.dataframe if "Likely" in t.value.columns]
    assert table.loc[0, ["Low", "Likely", "High"]].tolist() == pytest.approx([1.0, 5.0, 6.0])
    assert table.loc[0, "Known from"] == "yours" and table.loc[1, "Known from"] == "judgement"
    assert again.header[0].value == app.header[0].value
    assert "Over 24 months" in again.header[0].value


def test_what_cannot_be_is_answered_beside_the_table_and_nothing_is_lost(
    open_app: Open, words: Words
) -> None:
    app = open_app("savings", "sorted")
    usual = app.header[0].value
    edit(app, 1, Low=50.0)
    assert "are not in order" in app.error[0].value
    assert app.header[0].value == usual and app.metric
    app = edit(open_app("savings", log=digest()), 1, High=100.0)
    assert "below 1" in app.error[0].value and app.metric
    app.text_input(key=f"volumes-{digest()}").set_value("100, many").run()
    assert "Numbers with commas" in words(app)


def test_every_option_stands_beside_the_plan(open_app: Open) -> None:
    app = open_app("savings", "sorted")
    (table,) = [t.value for t in app.dataframe if "Option" in t.value.columns]
    assert table["Option"].tolist() == [
        "Do nothing", "Cache and batch", "One cheaper model", "Route (the plan)", "Cascade",
    ]  # fmt: skip
    nothing, thrift = table.iloc[0], table.iloc[1]
    assert nothing["Saved over 12 months"].startswith("$0") and nothing["Quality kept"] == "100%"
    assert thrift["Per month at today's volume"] == "not known"
    app.number_input(key=f"waits-{digest()}").set_value(50.0).run()
    (table,) = [t.value for t in app.dataframe if "Option" in t.value.columns]
    assert table.iloc[1]["Saved over 12 months"].startswith("$")


def test_a_slow_rollout_saves_less_in_the_first_month(open_app: Open) -> None:
    app = open_app("savings", "sorted")
    first = next(m.value for m in app.metric if m.label == "Saved in month 1")
    app.selectbox(key=f"ramp-{digest()}").set_value("Over 8 weeks").run()
    later = next(m.value for m in app.metric if m.label == "Saved in month 1")
    low, high = (float(re.sub(r"[^0-9.]", "", v)) for v in (later, first))
    assert low < 0.4 * high


def test_a_fine_tuning_case_is_an_option_of_its_own(open_app: Open) -> None:
    open_app("fine_tuning", "sorted")
    app = open_app("savings", log=digest())
    (table,) = [t.value for t in app.dataframe if "Option" in t.value.columns]
    assert table["Option"].iloc[-1] == "Route and fine-tune"


def test_the_claim_is_held_against_this_log(open_app: Open, words: Words) -> None:
    assert "84.5%" in words(open_app("savings", "sorted"))


def test_the_claim_counts_the_checks_of_a_cascade(open_app: Open, words: Words) -> None:
    """The saving that the claim states never lies above the plan's own."""
    open_app("plan", "sorted")
    draft = planning.read_draft(digest())
    assert draft is not None
    planning.write_draft(digest(), replace(draft, cascade=True, check="gpt-4o"))
    app = open_app("savings", "sorted")
    assert not app.exception
    (claimed,) = re.findall(r"and saves (-?[0-9.]+)%|the bill grows by ([0-9.]+)%", words(app))[:1]
    saving = float(claimed[0]) if claimed[0] else -float(claimed[1])
    stated = next(m.delta for m in app.metric if m.label == "Saved in month 1")
    percent = float(re.findall(r"[0-9]+", stated)[0]) * (-1 if "more" in stated else 1)
    assert saving <= percent + 1.0


def test_the_season_of_a_long_log_is_taken_by_one_click(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = (0.8, 0.8, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.2, 1.2, 1.3)
    monkeypatch.setattr("app.forecasting.season", lambda found: index)
    app = open_app("savings", "sorted")
    app.button(key=f"own-season-{digest()}").click().run()
    assert not app.exception
    draft = planning.read_draft(digest())
    assert draft is not None and draft.outlook.season == index
    # month 1 is the one after this one
    assert draft.outlook.first_month == services.today().month % 12 + 1
