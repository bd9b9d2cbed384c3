"""Evidence: replaying queries, what it showed, and judging by hand."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import asking, planning, services
from app.parts.plan_cards import CASCADE
from core.catalog.catalogue import load_catalogue
from core.complexity.scale import Tier
from core.frozen.document import document_from_json
from core.frozen.freeze import refigured
from core.quality.categories import Categories, write_categories
from core.quality.endpoint import Endpoint
from core.quality.journal import Item, Journal, Reply
from core.quality.people import Said, keep_said, read_said
from core.quality.prepare import candidates_of
from core.quality.replay import Candidate, Replay, read_replay, replay_folder, write_replay
from core.routing.plan import Plan
from core.store.access import the_person_here
from core.store.actuals import list_months
from core.store.finding import find_plans
from core.store.jobs import begin, start_job
from core.store.plans import load_plan
from core.workload.notes import read_notes

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def replayed(digest: str, ended: int, asked: int = 40) -> Path:
    """A replay of the usual models of which so many queries have ended, beside the log."""
    catalogue = load_catalogue()
    usual = catalogue.default_tiers
    plan = Plan(*(catalogue.get(i) for i in (usual.simple, usual.medium, usual.complex)))
    models = candidates_of(plan)
    place = replay_folder(services.folder_of(digest), "abc")
    write_replay(
        place,
        Replay(
            "abc", digest, "a plan", models, Candidate(plan.complex, "judge"),
            tuple(range(asked)), (7.5,) * asked, 2.0,
        ),
    )  # fmt: skip
    with Journal(place) as journal:
        for n in range(ended):
            for candidate in models:
                key = f"abc:{n}:{candidate.model.id}"
                journal.answered(key, Reply(f"Answer {n} <b>of</b> $5", 10, 5, 0.001, 0.2))
            scores = {c.model.id: float(n % 4 != 0 or c is models[-1]) for c in models}
            journal.ended(Item(n, scores, "", 2, 2))
    return place


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("evidence", kind)
    assert len(app.info) == 1 and not app.button


def asked(words: str) -> tuple[int, ...]:
    """Queries, answers and verdicts of the replay that the page proposes."""
    found = re.search(r"([\d,]+) queries to .*?([\d,]+) answers and up to ([\d,]+) verdicts", words)
    assert found is not None
    return tuple(int(number.replace(",", "")) for number in found.groups())


def test_before_a_replay_the_page_says_that_nothing_is_measured_and_what_it_costs(
    open_app: Open, words: Words
) -> None:
    app = open_app("evidence", "sorted")
    assert "Nothing is measured yet" in app.header[0].value
    size, answers, verdicts = asked(words(app))
    assert "queries to GPT-6 Luna, GPT-6.1 Terra, GPT-6.1 Sol" in words(app)
    assert (answers, verdicts) == (3 * size, 4 * size)
    assert size == 200 and "The cap will probably be reached" not in words(app)


def test_a_server_that_is_no_address_is_refused_before_anything_is_kept(open_app: Open) -> None:
    app = open_app("evidence", "sorted")
    (log,) = services.known_logs()
    app.text_input(key=f"replay-url-openai-{log.digest}").set_value("localhost")
    app.button(key="replay-send").click().run()
    assert "no address" in app.error[0].value
    assert not list(services.folder_of(log.digest).glob("replays/*"))


def test_what_a_replay_showed_stands_beside_what_was_expected(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    place = replayed(keep("sorted"), 40)
    app = open_app("evidence", "sorted")
    assert "measured on 40 of your queries" in app.header[0].value
    (table,) = [t.value for t in app.dataframe if "Judged" in t.value.columns]
    assert table["Judged"].sum() == 40
    assert "Nobody has judged the judge" in words(app)
    assert "Answer" in words(app)  # a pair to judge, as plain text
    app.button(key="blind-2").click().run()
    (said,) = read_said(place)
    assert said.candidate_ok and said.reference_ok
    assert "People judged 1 pair" in words(app)


def test_a_replay_that_was_cut_off_can_go_on(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    replayed(keep("sorted"), 25)
    app = open_app("evidence", "sorted")
    assert "It is paused: 15 queries have not been judged" in words(app)
    assert app.button(key="replay-go-on")


def test_the_rest_of_a_paused_replay_can_be_cancelled(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    replayed(keep("sorted"), 25)
    app = open_app("evidence", "sorted")
    app.button(key="replay-cancel").click().run()
    assert "measured on 25 of your queries" in app.header[0].value  # what was judged stays
    assert "It is paused" not in words(app)


def test_other_models_can_be_asked_beside_those_of_the_plan(open_app: Open, words: Words) -> None:
    app = open_app("evidence", "sorted")
    (log,) = services.known_logs()
    app.multiselect(key=f"replay-also-{log.digest}").set_value(["claude-haiku-5-5"]).run()
    size, answers, verdicts = asked(words(app))
    assert (answers, verdicts) == (4 * size, 6 * size)
    assert app.text_input(key=f"replay-url-anthropic-{log.digest}")


def test_a_limit_of_calls_a_minute_goes_to_every_server(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Endpoint]] = []
    monkeypatch.setattr("app.jobs.start_replay", lambda d, r, endpoints: sent.append(endpoints))
    app = open_app("evidence", "sorted")
    (log,) = services.known_logs()
    app.number_input(key=f"replay-pace-{log.digest}").set_value(90)
    app.button(key="replay-send").click().run()
    assert {e.requests_per_minute for e in sent[0].values()} == {90.0}


def test_the_outcomes_teach_the_plan(open_app: Open, keep: Callable[[str], str]) -> None:
    digest = keep("sorted")
    replayed(digest, 40)
    app = open_app("evidence", "sorted")
    app.button(key="replay-use").click().run()
    assert read_notes(services.folder_of(digest)).outcomes is not None


def test_a_replay_of_other_models_is_not_passed_off_as_this_plan_s(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    digest = keep("sorted")
    replayed(digest, 40)
    plan = open_app("plan", "sorted")
    plan.selectbox(key=f"simple-{digest}").select("gpt-4o-mini").run()
    app = open_app("evidence", "sorted")
    assert "asked other models" in words(app)
    assert "Nothing is measured yet" in app.header[0].value


def test_without_another_log_the_page_says_what_to_do_after_the_switch(
    open_app: Open, words: Words
) -> None:
    assert "open the next month's log here" in words(open_app("evidence", "sorted"))


def after_the_switch(open_app: Open) -> AppTest:
    """A plan saved on one month, and the next one opened."""
    app = open_app("plan", "rated before")
    for label, value in (("Name of the plan", "October"), ("Your name", "Ada")):
        next(e for e in app.text_input if e.label == label).set_value(value)
    next(b for b in app.button if b.label == "Save the plan").click().run()
    assert not app.exception and not app.error
    return open_app("evidence", "a month later")


def test_the_next_month_stands_beside_what_the_plan_said(open_app: Open, words: Words) -> None:
    app = after_the_switch(open_app)
    said = words(app).replace("\\", "")
    assert "a month came" in said and "planned were" in said
    assert "has hardly moved" in said and "by what is asked about" in said
    (table,) = [t.value for t in app.dataframe if "Rated" in t.value.columns]
    assert table["Rated"].sum() == 600
    assert set(table["Enough"]) == {"yes"}


def test_a_segment_that_falls_short_gets_a_rule_by_one_click(
    open_app: Open, words: Words, at_once: None
) -> None:
    app = after_the_switch(open_app)
    said = words(app).replace("\\", "")
    assert "Queries of texts sent to simple fail 50% [44% to 56%]" in said
    assert "raise them to medium, +$" in said
    assert "orders sent to" not in said
    app.button(key="apply-rule-0").click().run()
    log = next(log for log in services.known_logs() if "later" in log.name)
    (rule,) = read_notes(services.folder_of(log.digest)).routing_rules
    assert rule.words == "If the segment is texts: at least medium"
    me = the_person_here()
    (row,) = find_plans(services.engine(), me).rows
    assert (row.name, row.version) == ("October", 2)
    document = document_from_json(
        load_plan(services.engine(), me, row.id, now=datetime.now(UTC)).document
    )
    assert document.plan.rules == (rule,) and document.log.digest == log.digest
    assert document.note.startswith("Queries of texts sent to simple fail 50%")
    assert refigured(document) == document.figures


def test_a_month_is_kept_with_its_plan_for_those_who_open_its_links(open_app: Open) -> None:
    app = after_the_switch(open_app)
    me = the_person_here()
    (row,) = find_plans(services.engine(), me).rows
    assert not list_months(services.engine(), me, row.id, now=datetime.now(UTC))
    app.button(key=f"keep-month-{row.id}").click().run()
    assert not app.exception
    (month,) = list_months(services.engine(), me, row.id, now=datetime.now(UTC))
    assert (month.version, month.log_name) == (1, "a month later.csv")
    steps = (month.found.volume, month.found.mix, month.found.tokens, month.found.price,
             month.found.routing)  # fmt: skip
    assert month.found.planned.central + sum(steps) == pytest.approx(month.found.came)


def test_a_replay_can_ask_where_it_would_change_the_plan_most(open_app: Open, words: Words) -> None:
    app = open_app("evidence", "sorted")
    (log,) = services.known_logs()
    where = app.radio(key=f"replay-where-{log.digest}")
    where.set_value("Where they would change the plan most").run()
    assert not app.exception
    said = words(app).replace("\\", "")
    assert "would change the plan most are worth about $" in said
    assert "50 queries to GPT-6 Luna" in said


def test_categories_asked_of_a_model_stand_beside_the_sorting(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    digest = keep("sorted")
    place = services.folder_of(digest) / "categories" / "c1"
    model = load_catalogue().get("gpt-6-luna")
    write_categories(
        place, Categories("c1", Candidate(model, "x"), tuple(range(30)), (10.0,) * 30, 1.0)
    )
    with Journal(place) as journal:
        for n in range(30):
            journal.ended(Item(n, {"simple": 1.0}))
    app = open_app("evidence", "sorted")
    assert "GPT-6 Luna and the sorting agree on" in words(app)
    assert "asked on 30" in words(app)
    (table,) = [t.value for t in app.dataframe if "Sorted to" in t.value.columns]
    assert table.iloc[:, 1:].to_numpy().sum() == pytest.approx(100)
    app.button(key="category-use").click().run()
    corrections = read_notes(services.folder_of(digest)).corrections
    assert len(corrections) == 30 and set(corrections.values()) == {"simple"}


def test_categories_are_drawn_anew_after_corrections(keep: Callable[[str], str]) -> None:
    found = planning.sorted_log(keep("sorted"))
    assert found is not None
    corrections: dict[str, Tier] = {f"q{n}": "complex" for n in range(0, 300, 7)}
    corrected = replace(found, notes=replace(found.notes, corrections=corrections))
    model = load_catalogue().get("gpt-6-luna")
    before, after = (asking.prepared(log, model, 60, 1.0)[0] for log in (found, corrected))
    assert before.rows != after.rows


def test_a_replay_under_way_shows_what_came_so_far(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    digest = keep("sorted")
    replayed(digest, 20)
    now = datetime.now(UTC)
    begin(services.engine(), start_job(services.engine(), "replay", digest, 1000, now), now=now)
    app = open_app("evidence", "sorted")
    assert app.header[0].value == "The models are being asked"
    said = words(app).replace("\\", "")
    assert "Spent $0.06 so far" in said and "GPT-6 Luna 75%" in said and "GPT-6.1 Sol 100%" in said
    assert [b.label for b in app.button] == ["Pause"]


def test_each_provider_of_a_plan_has_a_server_of_its_own(
    open_app: Open, keep: Callable[[str], str]
) -> None:
    digest = keep("sorted")
    plan = open_app("plan", "sorted")
    plan.selectbox(key=f"medium-{digest}").select("claude-sonnet-5-5").run()
    app = open_app("evidence", "sorted")
    urls = {
        field.label: field.value for field in app.text_input if field.label.startswith("Server of")
    }
    assert urls == {
        "Server of anthropic": "https://api.anthropic.com/v1",
        "Server of openai": "https://api.openai.com/v1",
    }


def test_a_judge_that_people_judged_becomes_the_check_of_a_cascade(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    digest = keep("sorted")
    place = replayed(digest, 40)
    for n in range(12):
        keep_said(place, Said(n, "gpt-6-luna", n % 4 != 0, True))
    app = open_app("plan", "sorted")
    app.radio(key=f"strategy-{digest}").set_value(CASCADE).run()
    app.button(key="check-measured").click().run()
    assert not app.exception and not app.warning
    # 21 of 21 good ones passed, and 0 of 3 bad ones, beside what is known of judges anyway
    assert app.slider(key=f"accepts-good-{digest}").value == round(100 * (21 + 9) / 31)
    assert app.slider(key=f"accepts-bad-{digest}").value == round(100 * 3 / 13)
    assert "As measured on 24 answers that people judged" in words(app)
    draft = planning.read_draft(digest)
    assert draft is not None and draft.judged == 24
    assert "(a measured)" not in words(app)


def test_a_model_that_only_the_log_answered_is_not_measured_for_the_plan(
    open_app: Open, keep: Callable[[str], str], words: Words
) -> None:
    """Its scores are those of its own queries alone."""
    digest = keep("sorted")
    place = replayed(digest, 0)
    with Journal(place) as journal:
        models = [c.model.id for c in read_replay(place).candidates]
        for n in range(40):
            own = {"gpt-4o-mini": 1.0} if n % 2 else {}
            journal.ended(Item(n, {**dict.fromkeys(models, 1.0), **own}, "", 2, 2, bool(own)))
    plan = open_app("plan", "sorted")
    plan.selectbox(key=f"simple-{digest}").select("gpt-4o-mini").run()
    app = open_app("evidence", "sorted")
    assert not app.exception
    assert "asked other models" in words(app)
