"""Shared plan: one page behind an unguessable link, which does what its kind allows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from app import services
from app.parts.wording import usd
from core.frozen.document import Figures, document_from_json
from core.quality.actual import Actual
from core.routing.simulate import Range
from core.store.access import LinkKind, the_person_here
from core.store.actuals import record_month
from core.store.audit import list_audit
from core.store.bin import delete_plan, undelete_plan
from core.store.decisions import list_decisions
from core.store.finding import find_plans
from core.store.links import Opened, list_links, open_link, revoke_link, share_plan
from core.store.plans import describe_plan, load_plan

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]
ME = the_person_here("Ada")

INPUTS = ("button", "checkbox", "data_editor", "file_uploader", "form", "multiselect",
          "number_input", "pills", "radio", "segmented_control", "select_slider", "selectbox",
          "slider", "text_area", "text_input", "toggle", "page_link")  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


def plan_id() -> str:
    (row,) = find_plans(services.engine(), ME).rows
    return row.id


def link(kind: LinkKind, **choices: object) -> str:
    return share_plan(services.engine(), ME, plan_id(), now(), kind=kind, **choices)  # type: ignore[arg-type]


def field(app: AppTest, kind: str, start: str) -> object:
    (found,) = [w for w in app.get(kind) if str(w.key).startswith(start)]
    return found


def press(app: AppTest, start: str) -> AppTest:
    field(app, "button", start).click().run()  # type: ignore[attr-defined]
    assert not app.exception
    return app


def test_the_right_link_opens_the_figures_of_that_moment(
    save_plan: Save, open_app: Open, words: Words, figures: Callable[..., Figures]
) -> None:
    page, token = save_plan("Support bot", author="Grace")
    (log,) = services.known_logs()
    kept = figures(log.digest)
    page.slider(key=f"to-medium-{log.digest}").set_value(30.0).run()  # after that moment
    app = open_app("shared", plan=token)
    assert usd(kept.outcome.planned.central) in app.header[0].value.replace("\\", "")
    values = [m.value.replace("\\", "") for m in app.metric]
    assert usd(kept.outcome.planned.central) in values
    assert f"{kept.outcome.quality_kept.central:.0%}" in values
    assert usd(kept.central.cumulative_usd[11]) in values
    assert "Support bot" in words(app) and "Grace" in words(app)
    for answer in ("How sure.", "Main risk.", "What it needs.", "By when."):
        assert answer in words(app)


def test_a_link_to_view_takes_nothing_in(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    app = open_app("shared", plan=token)
    assert {kind: len(app.get(kind)) for kind in INPUTS} == dict.fromkeys(INPUTS, 0)
    assert len(app.get("download_button")) == 3


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5_000, "'; drop table plan; --"])
def test_a_wrong_link_opens_nothing_and_says_so(open_app: Open, token: str) -> None:
    app = open_app("shared", plan=token)
    assert "opens nothing" in app.title[0].value
    assert not app.metric


def test_every_link_that_opens_nothing_looks_the_same(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    _, token = save_plan("Support bot")
    ended = share_plan(services.engine(), ME, plan_id(), now() - timedelta(days=2),
                       expires_at=now() - timedelta(days=1))  # fmt: skip
    (first, second) = list_links(services.engine(), ME, plan_id(), now=now())
    closed = first if first.expires_at is None else second
    wrong = open_app("shared", plan="wrong")
    pages = [open_app("shared", plan=ended)]
    revoke_link(services.engine(), ME, plan_id(), closed.id, now())
    pages.append(open_app("shared", plan=token))
    gone = link("view")
    identity = plan_id()
    delete_plan(services.engine(), ME, identity, now())
    pages.append(open_app("shared", plan=gone))
    for page in pages:
        assert words(page) == words(wrong)
    undelete_plan(services.engine(), ME, identity, now())
    assert open_app("shared", plan=gone).metric


def test_an_open_page_is_refused_at_the_next_action_once_its_link_is_closed(
    save_plan: Save, open_app: Open
) -> None:
    save_plan("Support bot")
    token = link("comment")
    app = open_app("shared", plan=token)
    assert app.metric
    newest = list_links(services.engine(), ME, plan_id(), now=now())[0]
    revoke_link(services.engine(), ME, plan_id(), newest.id, now())
    field(app, "text_area", "decide-note").set_value("Too late")  # type: ignore[attr-defined]
    press(app, "decide-comment")
    assert "opens nothing" in app.title[0].value and not app.metric
    assert not list_decisions(services.engine(), ME, plan_id(), now=now())


def test_a_passphrase_opens_its_link_and_five_wrong_ones_make_it_wait(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    token = link("view", passphrase="correct horse")
    app = open_app("shared", plan=token)
    assert not app.metric and "has a passphrase" in app.title[0].value
    app.text_input(key="passphrase-typed").set_value("Correct horse")
    press(app, "FormSubmitter:passphrase")
    assert not app.metric and "That is not it" in app.error[0].value
    app.text_input(key="passphrase-typed").set_value("correct horse")
    press(app, "FormSubmitter:passphrase")
    assert app.metric and not app.error

    other = open_app("shared", plan=token)  # another tab has to give it, too
    for _ in range(5):
        other.text_input(key="passphrase-typed").set_value("wrong")
        press(other, "FormSubmitter:passphrase")
    other.text_input(key="passphrase-typed").set_value("correct horse")
    press(other, "FormSubmitter:passphrase")
    assert not other.metric and "Wait a minute" in words(other)


def test_whoever_may_comment_approves_with_a_note_that_stays(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    token = link("comment")
    app = open_app("shared", plan=token)
    assert "Not decided yet" in words(app)
    press(app, "decide-approved")
    assert len(app.error) == 1 and "your name" in app.error[0].value
    field(app, "text_input", "decide-name").set_value("Grace *Hopper*")  # type: ignore[attr-defined]
    field(app, "text_area", "decide-note").set_value("Go: ![x](http://evil.invalid/p.png)")  # type: ignore[attr-defined]
    press(app, "decide-approved")
    (said,) = list_decisions(services.engine(), ME, plan_id(), now=now())
    assert (said.kind, said.who, said.version) == ("approved", "Grace *Hopper*", 1)
    assert said.via.startswith("link ")
    app = open_app("shared", plan=token)
    assert "Approved by Grace *Hopper*" in words(app)
    assert "![x](http://evil.invalid/p.png)" in [t.value.removeprefix("Go: ") for t in app.text]
    (row,) = find_plans(services.engine(), ME).rows
    assert (row.status, row.approved_version) == ("approved", 1)


def test_asking_for_changes_takes_words(save_plan: Save, open_app: Open) -> None:
    save_plan("Support bot")
    app = open_app("shared", plan=link("comment"))
    field(app, "text_input", "decide-name").set_value("Grace")  # type: ignore[attr-defined]
    press(app, "decide-changes")
    assert len(app.error) == 1 and "Say in a sentence" in app.error[0].value
    assert not list_decisions(services.engine(), ME, plan_id(), now=now())


def test_a_link_to_edit_makes_the_next_version_on_the_same_log(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    _, viewed = save_plan("Support bot")
    before = load_plan(services.engine(), ME, plan_id(), now=now())
    token = link("edit")
    app = open_app("shared", plan=token)
    field(app, "slider", "edit-to-medium").set_value(40.0).run()  # type: ignore[attr-defined]
    assert "This would cost" in words(app)
    field(app, "text_input", "edit-name").set_value("Grace")  # type: ignore[attr-defined]
    field(app, "text_area", "edit-note").set_value("More to the cheap one")  # type: ignore[attr-defined]
    press(app, "edit-save")
    (row,) = find_plans(services.engine(), ME).rows
    assert (row.version, row.author, row.headline.note) == (2, "Grace", "More to the cheap one")
    assert any("40" in said for said in row.changes)
    assert row.headline.planned_monthly_usd < before.headline.planned_monthly_usd
    first = load_plan(services.engine(), ME, row.id, 1, now=now())
    assert first.document == before.document
    old = open_app("shared", plan=viewed)
    assert "version 1" in words(old) and "has 2 versions by now" in words(old)
    assert "version 2" in words(open_app("shared", plan=token))


def test_two_editors_cannot_overwrite_each_other_and_one_merges(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    one, other = open_app("shared", plan=link("edit")), open_app("shared", plan=link("edit"))
    for app, name, slider, points in (
        (one, "Grace", "edit-to-medium", 40.0),
        (other, "Alan", "edit-to-complex", 30.0),
    ):
        field(app, "slider", slider).set_value(points).run()  # type: ignore[attr-defined]
        field(app, "text_input", "edit-name").set_value(name)  # type: ignore[attr-defined]
        press(app, "edit-save")
    (row,) = find_plans(services.engine(), ME).rows
    assert (row.version, row.author) == (2, "Grace"), "the second save was not stored"
    said = words(other)
    assert "Grace saved version 2 while you worked on version 1" in said
    assert "40" in said and "30" in said, "both changes are told"
    assert [radio.value for radio in other.radio] == ["theirs", "mine"], "each as it was changed"
    press(other, "merge-save")
    (row,) = find_plans(services.engine(), ME).rows
    assert (row.version, row.author) == (3, "Alan")
    both = document_from_json(load_plan(services.engine(), ME, row.id, now=now()).document).plan
    assert (both.to_medium, both.to_complex) == (0.4, 0.3)
    assert "version 3" in words(other)


def test_the_sample_is_shown_only_where_it_was_included(
    save_plan: Save, open_app: Open, trap: str
) -> None:
    save_plan("Support bot")
    plain = open_app("shared", plan=link("view"))
    assert not [e for e in plain.expander if "redacted" in e.label]
    carried = link("view", examples='[["simple", "orders", "Where is ![x](http://evil) it?"]]')
    app = open_app("shared", plan=carried)
    (table,) = [t.value for t in app.dataframe if "Query" in t.value]
    assert list(table["Query"]) == ["Where is ![x](http://evil) it?"]


def test_what_really_happened_stands_beside_what_was_planned(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    _, token = save_plan("Support bot")
    assert "What really happened" not in words(open_app("shared", plan=token))
    found = Actual(
        planned=Range(400.0, 350.0, 450.0), came=520.0, volume=100.0, mix=10.0, tokens=5.0,
        price=-15.0, routing=20.0, saved=480.0, saved_planned=600.0,
    )  # fmt: skip
    record_month(
        services.engine(), ME, plan_id(), 1, found, log_name="november.csv",
        first_time=datetime(2026, 11, 1, tzinfo=UTC), last_time=datetime(2026, 11, 30, tzinfo=UTC),
        now=now(),
    )  # fmt: skip
    said = words(open_app("shared", plan=token))
    assert "$520 a month came" in said and "$480 less" in said and "november.csv" in said
    assert "within the plan's range" in said


def test_what_the_owner_says_stands_where_leaders_look(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    _, token = save_plan("Support bot")
    describe_plan(
        services.engine(), ME, plan_id(), tags=["q4"], needs="Two days of work",
        decide_by=datetime(2030, 1, 15, tzinfo=UTC).date(), now=now(),
    )  # fmt: skip
    said = words(open_app("shared", plan=token))
    assert "What it needs. Two days of work" in said.replace("**", "")
    assert "Decide by 15 Jan 2030" in said


def test_an_opened_link_is_noted_once_a_visit(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    app = open_app("shared", plan=token)
    app.run()
    app.run()
    (shown,) = list_links(services.engine(), ME, plan_id(), now=now())
    assert shown.opened == 1 and shown.opened_at is not None
    lines = [line for line in list_audit(services.engine(), ME) if line.action == "opened a link"]
    assert len(lines) == 1 and token not in str(lines)
    open_app("shared", plan=token)
    (shown,) = list_links(services.engine(), ME, plan_id(), now=now())
    assert shown.opened == 2


def test_the_page_lives_without_its_log(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    before = [m.value for m in open_app("shared", plan=token).metric]
    (log,) = services.known_logs()
    services.forget_log(log.digest)
    assert [m.value for m in open_app("shared", plan=token).metric] == before


def test_no_query_text_travels_with_a_shared_plan(save_plan: Save) -> None:
    _, token = save_plan("Support bot")
    opened = open_link(services.engine(), token, now())
    assert isinstance(opened, Opened) and not opened.examples
    assert "evil.invalid" not in opened.plan.document and "parcel" not in opened.plan.document
