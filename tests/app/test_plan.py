"""Plan: the figures of a plan on this log, its controls, and keeping it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Slider

from app import planning, services
from app.parts.wording import usd
from core.frozen.document import Figures

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Compute = Callable[..., Figures]


def digest() -> str:
    """The one log of this test's home."""
    (log,) = services.known_logs()
    return log.digest


def metrics(app: AppTest) -> list[str]:
    return [m.value.replace("\\", "") for m in app.metric]


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("plan", kind)
    assert len(app.info) == 1 and len(app.get("page_link")) == 1
    assert not app.metric and not app.slider


def test_the_page_shows_what_core_computes(open_app: Open, words: Words, figures: Compute) -> None:
    app = open_app("plan", "sorted")
    outcome = figures(digest()).outcome
    heading = app.header[0].value.replace("\\", "")
    assert usd(outcome.planned.central) in heading
    assert usd(outcome.baseline_usd) in heading
    assert metrics(app) == [
        usd(outcome.planned.central),
        usd(outcome.saving_usd),
        f"{outcome.quality_kept.central:.1%}",
    ]
    for tier in outcome.tiers:
        assert f"**{usd(tier.usd)}** a month" in words(app)


def test_the_plan_stands_beside_its_controls(open_app: Open, figures: Compute) -> None:
    app = open_app("plan", "sorted")
    found = figures(digest())
    (table,) = [t.value for t in app.dataframe if "Per month" in t.value.columns]
    paid = [found.outcome.planned.central, *(c.monthly_usd for c in found.controls)]
    assert list(table["Per month"]) == pytest.approx(paid)
    kept = [found.outcome.quality_kept.central, *(c.quality_kept for c in found.controls)]
    assert list(table["Quality kept"] / 100) == pytest.approx(kept)


def test_the_tolerance_sliders_move_the_figures(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("plan", "sorted")
    usual = metrics(app)
    app.slider(key=f"to-medium-{digest()}").set_value(30.0).run()
    assert not app.exception
    outcome = figures(digest(), to_medium=0.30).outcome
    assert metrics(app)[0] == usd(outcome.planned.central)
    assert metrics(app) != usual
    assert outcome.planned.central < figures(digest()).outcome.planned.central


def aim(app: AppTest) -> Slider[float]:
    """The slider that asks for a quality."""
    return next(s for s in app.slider if str(s.key).startswith("aim-"))


def test_the_quality_slider_finds_a_plan_that_keeps_as_much(open_app: Open) -> None:
    app = open_app("plan", "sorted")
    slider = aim(app)
    for wanted in (slider.min, slider.max):
        aim(app).set_value(wanted).run()
        assert not app.exception
        assert float(metrics(app)[2].rstrip("%")) >= wanted - 0.15
    assert app.slider(key=f"to-complex-{digest()}").value < 40


def test_another_model_for_a_tier_changes_its_price(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("plan", "sorted")
    model = services.catalogue().get("gpt-4o")
    app.selectbox(key=f"simple-{digest()}").select(model.id).run()
    assert not app.exception
    outcome = figures(digest(), simple=model).outcome
    assert metrics(app)[0] == usd(outcome.planned.central)


def test_a_plan_in_the_making_is_there_again_after_a_reload(open_app: Open) -> None:
    app = open_app("plan", "sorted")
    app.slider(key=f"to-medium-{digest()}").set_value(12.5).run()
    again = open_app("plan", log=digest())
    assert again.slider(key=f"to-medium-{digest()}").value == 12.5
    assert metrics(again) == metrics(app)


def test_a_plan_without_a_name_is_not_saved(open_app: Open) -> None:
    app = open_app("plan", "sorted")
    next(b for b in app.button if b.label.startswith("Save")).click().run()
    assert len(app.error) == 1 and not app.exception
    assert not [c for c in app.code if "/shared?plan=" in c.value]


def test_a_saved_plan_gives_a_link_and_its_next_version(
    save_plan: Callable[..., tuple[AppTest, str]], words: Words
) -> None:
    app, token = save_plan("Support bot, autumn")
    assert len(token) >= 20
    labels = [b.label for b in app.button if b.label.startswith("Save")]
    assert len(labels) == 2, "the next version, or a new plan"
    app.slider(key=f"to-medium-{digest()}").set_value(12.5).run()
    next(b for b in app.button if b.label == labels[0]).click().run()
    app.switch_page("screens/plans.py").run()
    assert list(app.dataframe[0].value["Version"]) == [2] and "1 plan, " in words(app)


def test_a_cascade_pays_for_its_checks_and_goes_back_to_routing(
    open_app: Open, words: Words
) -> None:
    app = open_app("plan", "sorted")
    before = metrics(app)
    (strategy,) = [b for b in app.radio if b.label == "Strategy"]
    strategy.set_value("Cascade: try the cheapest, check, escalate").run()
    assert not app.exception
    assert metrics(app) != before
    assert "Checking the answers costs" in words(app)
    assert not [s for s in app.slider if s.label.startswith("Stay")]
    good = next(s for s in app.slider if s.label.startswith("Acceptable"))
    cascade = metrics(app)
    good.set_value(50).run()
    assert metrics(app) != cascade
    (strategy,) = [b for b in app.radio if b.label == "Strategy"]
    strategy.set_value("Route: classify, then one model").run()
    assert metrics(app) == before


def test_what_stands_beside_a_plan_is_said(open_app: Open, words: Words) -> None:
    said = words(open_app("plan", "sorted"))
    for part in ("sent too low", "strategy here", "saves 80%", "controls"):
        assert part in said, part


def test_the_plan_is_offered_as_a_routers_files(open_app: Open, words: Words) -> None:
    app = open_app("plan", "sorted")
    assert not app.get("download_button")
    (router,) = [b for b in app.radio if b.label == "Router"]
    router.set_value("litellm").run()
    assert not app.exception
    assert [b.proto.label for b in app.get("download_button")] == [
        "config.yaml", "tierwise_classifier.py",
    ]  # fmt: skip
    assert "It cannot express" in words(app)


def test_rules_are_added_moved_and_removed(open_app: Open, at_once: None, words: Words) -> None:
    app = open_app("plan", "sorted")
    before = metrics(app)

    def add(test: str, value: str, action: str, tier: str) -> None:
        named = {s.label: s for s in app.selectbox if s.label in ("If", "Then", "Tier")}
        named["If"].set_value(test)
        named["Then"].set_value(action)
        named["Tier"].set_value(tier)
        next(t for t in app.text_input if t.label == "Value").set_value(value)
        app.button(key="add-rule").click().run()
        assert not app.exception

    add("matches", "(", "force", "complex")
    assert "is no regular expression" in app.error[0].value and metrics(app) == before
    add("matches", ".", "force", "complex")
    ruled = metrics(app)
    assert ruled != before
    assert "always complex: fits" in words(app) and "moves" in words(app)
    add("language", "", "cap", "simple")
    assert "at most simple" in words(app) and metrics(app) == ruled
    app.button(key="rule-up-1").click().run()
    assert words(app).index("at most simple") < words(app).index("always complex")
    app.button(key="rule-gone-1").click().run()
    app.button(key="rule-gone-0").click().run()
    assert not app.exception and metrics(app) == before


def test_how_a_tier_is_called_changes_the_plan_and_is_kept(open_app: Open, words: Words) -> None:
    app = open_app("plan", "sorted")
    cost = metrics(app)[0]
    log = digest()
    app.number_input(key=f"output-simple-{log}").set_value(300.0).run()
    assert metrics(app)[0] != cost and not app.exception
    app.selectbox(key=f"effort-simple-{log}").select("high").run()
    app.selectbox(key=f"fallback-simple-gpt-6-luna-{log}").select("gpt-6.1-terra").run()
    kept = planning.read_draft(log)
    assert kept is not None
    called = kept.calls["simple"]
    assert (called.output_share, called.effort, called.fallback) == (3.0, "high", "gpt-6.1-terra")
    assert metrics(app)[0] != cost


def test_a_model_near_its_end_is_flagged_on_its_card(open_app: Open, words: Words) -> None:
    app = open_app("plan", "sorted")
    app.selectbox(key=f"simple-{digest()}").select("gpt-4o-mini").run()
    assert "shut down on 14 Jan 2027" in words(app)
