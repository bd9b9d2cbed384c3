"""Log: from a dropped file to what it is and costs."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from app import services
from app.parts.wording import usd
from core.catalog.catalogue import load_catalogue

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Rows = list[dict[str, object]]


def monthly(rows: Rows, usd_in_all: float) -> float:
    """A sum over the log's days, carried to a month of 30.4375 days."""
    times = [datetime.fromisoformat(str(r["timestamp"])) for r in rows]
    days = (max(times) - min(times)).total_seconds() / 86_400
    return usd_in_all * 30.4375 / days


def test_without_a_log_the_page_offers_to_drop_one_or_try_the_sample(open_app: Open) -> None:
    app = open_app("log")
    assert len(app.file_uploader) == 1
    assert [b.key for b in app.button] == ["sample"]
    assert not app.metric


def test_the_page_says_what_the_log_holds_and_costs(
    open_app: Open, words: Words, rows: Rows
) -> None:
    app = open_app("log", "sorted")
    paid = sum(float(str(r["cost_usd"])) for r in rows)
    tokens = sum(int(str(r["input_tokens"])) for r in rows)
    said = words(app)
    assert "300 queries" in app.header[0].value
    assert f"{usd(monthly(rows, paid))} a month" in words(app)
    assert f"{tokens / 1e6:,.1f} M" in said
    assert usd(paid) in [m.value.replace("\\", "") for m in app.metric]


def test_a_stand_in_for_unknown_models_prices_the_log(
    open_app: Open, words: Words, rows: Rows
) -> None:
    app = open_app("log", "unpriced")
    assert "unknown" in app.header[0].value
    (digest,) = [log.digest for log in services.known_logs()]
    app.selectbox(key=f"all-{digest}").select("gpt-4o").run()
    app.button(key="use-for-all").click().run()
    price = load_catalogue().get("gpt-4o").price
    assert price is not None
    paid = sum(
        int(str(r["input_tokens"])) * price.input_usd_per_mtok
        + int(str(r["output_tokens"])) * price.output_usd_per_mtok
        for r in rows
    )
    assert f"{usd(monthly(rows, paid / 1e6))} a month" in words(app)


def test_a_stated_volume_scales_the_bill(open_app: Open, words: Words, rows: Rows) -> None:
    app = open_app("log", "sorted")
    (digest,) = [log.digest for log in services.known_logs()]
    app.number_input(key=f"volume-{digest}").set_value(30_000)
    app.button(key="use-volume").click().run()
    paid = sum(float(str(r["cost_usd"])) for r in rows)
    assert f"{usd(100 * paid)} a month" in words(app)
    assert "30,000 queries a month" in words(app)
    app.button(key="use-dates").click().run()
    assert f"{usd(monthly(rows, paid))} a month" in words(app)


def test_a_closed_log_can_be_opened_again_and_a_deleted_one_is_gone(open_app: Open) -> None:
    app = open_app("log", "sorted")
    (digest,) = [log.digest for log in services.known_logs()]
    app.button(key="close").click().run()
    assert len(app.file_uploader) == 1
    app.button(key=f"open-{digest}").click().run()
    assert "300 queries" in app.header[0].value
    app.button(key="delete-log").click().run()
    assert len(app.file_uploader) == 1 and not services.known_logs()
    assert not app.exception


def test_a_link_to_a_log_that_is_gone_leads_back_to_the_start(open_app: Open) -> None:
    for digest in ("0123456789abcdef", "../../etc/passwd"):
        app = open_app("log", log=digest)
        assert len(app.warning) == 1 and len(app.file_uploader) == 1


def test_a_file_that_is_no_log_is_refused_in_one_line_and_not_kept(
    open_app: Open, home: Path
) -> None:
    app = open_app("log")
    app.file_uploader[0].upload("logo.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "text/csv").run()
    assert "PNG" in app.error[0].value and "\n" not in app.error[0].value
    app.button(key="another").click().run()
    assert len(app.file_uploader) == 1 and not app.error
    assert not list((home / "uploads").iterdir())


def test_a_hostile_file_name_is_shown_as_it_is_typed(
    open_app: Open, at_once: None, small_csv: bytes
) -> None:
    app = open_app("log")
    name = "![x](http://evil.invalid/p.png) <b>$5 and $6.csv"
    app.file_uploader[0].upload(name, small_csv, "text/csv").run()
    shown = [*app.markdown, *app.caption, *app.header]
    app.button(key="read").click().run().run()
    shown += [*app.markdown, *app.caption, *app.header]
    assert not app.exception and "300 queries" in app.header[0].value
    assert any("evil" in e.value for e in shown)
    assert not any("![x](" in e.value or " <b>" in e.value for e in shown)


def test_a_log_travels_through_the_worker_process_to_its_shares(
    open_app: Open, small_csv: bytes, home: Path
) -> None:
    app = open_app("log")
    app.file_uploader[0].upload("export.csv", small_csv, "text/csv").run()
    assert app.selectbox(key="map-text-export.csv").value == "prompt"
    assert app.selectbox(key="map-cost-export.csv").value == "cost_usd"
    app.button(key="read").click().run()
    wait(app, lambda: "300 queries" in app.header[0].value)
    assert not list((home / "uploads").iterdir()), "the dropped file stays behind"
    app.button(key="sort").click().run()
    app.switch_page("screens/queries.py")  # the harness does not follow st.switch_page for good
    app.run()
    wait(app, lambda: len(app.metric) == 3)
    assert not app.exception


def wait(app: AppTest, ready: Callable[[], bool]) -> None:
    """Run the page again until it is ready, for at most half a minute."""
    deadline = time.monotonic() + 30
    while not (app.header and ready()):
        assert time.monotonic() < deadline and not app.error
        time.sleep(0.1)
        app.run()
