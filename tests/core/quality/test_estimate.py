import random
from dataclasses import replace
from pathlib import Path

import pytest

from core.quality.estimate import estimate_replay
from core.quality.prepare import candidates_of, usual_judge
from core.quality.prompts import Prompt
from core.quality.run import run_replay
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings

from ..workload.conftest import make_model
from .conftest import LARGE, MIDDLE, SMALL, Server, candidates, make_replay

WORDS = "the order was sent on monday and will be there by the end of this week unless it rains"


def asked(seed: int, count: int) -> dict[int, Prompt]:
    dice = random.Random(seed)
    found = {}
    for n in range(count):
        text = " ".join(dice.choice(WORDS.split()) for _ in range(dice.randrange(20, 200)))
        found[n] = Prompt(f"q{n}", text, None, 0, dice.randrange(40, 300))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_estimate_is_near_what_a_replay_costs(seed: int, server: Server, folder: Path) -> None:
    prompts = asked(seed, 16)
    by_text = {p.text: p for p in prompts.values()}
    dice = random.Random(100 + seed)
    plain = server.script.words

    def words(body: dict) -> str:  # type: ignore[type-arg]
        prompt = by_text.get(body["messages"][-1]["content"])
        if prompt is None:
            return plain(body)
        # an answer as long as the log's, give or take a third; the server counts four letters
        tokens = prompt.output_tokens * dice.uniform(0.67, 1.33)
        return f"right answer {body['model']} " + "word " * round(0.8 * tokens)

    server.script.words = words  # type: ignore[method-assign]
    models = candidates("small", "middle", "large")
    replay = make_replay(16, candidates=models, most_output=1_024)
    cost = estimate_replay(prompts.values(), replay)
    ran = run_replay(folder, replay, prompts, server.endpoint())
    assert ran.done == 16
    assert cost.usd == pytest.approx(ran.spent_usd, rel=0.15)
    assert cost.low < ran.spent_usd < cost.high
    assert (cost.answers, cost.verdicts) == (48, 64)


def test_a_plan_names_its_distinct_models_with_the_complex_one_last() -> None:
    effort = TierSettings(effort="high")
    plan = Plan(SMALL, LARGE, LARGE, settings=(AS_LOGGED, AS_LOGGED, effort))
    found = [(c.model.id, c.effort) for c in candidates_of(plan)]
    assert found == [("small", None), ("large", "high")]


def test_the_usual_judge_is_no_candidate_where_there_is_another() -> None:
    plan = Plan(SMALL, MIDDLE, LARGE)
    cheap = make_model("cheap", 0.5, ability=2.0)
    weak = make_model("weak", 0.1, ability=0.0)
    assert usual_judge(plan, [SMALL, MIDDLE, LARGE, cheap, weak]) == cheap
    assert usual_judge(plan, [SMALL, MIDDLE, LARGE, weak]) == LARGE


def test_a_judge_that_did_not_write_the_log_is_better_still() -> None:
    plan = Plan(SMALL, MIDDLE, LARGE)
    wrote, other = make_model("wrote", 0.5, ability=2.0), make_model("other", 0.9, ability=2.0)
    assert usual_judge(plan, [wrote, other]) == wrote
    assert usual_judge(plan, [wrote, other], {"wrote"}) == other
    assert usual_judge(plan, [wrote], {"wrote"}) == wrote


def test_answers_that_the_log_has_cost_nothing() -> None:
    asked_here = {n: replace(p, model="gpt-old", answer="Yes.") for n, p in asked(0, 10).items()}
    plain = estimate_replay(asked_here.values(), make_replay(10))
    known = estimate_replay(asked_here.values(), make_replay(10, logged={"gpt-old": "large"}))
    assert (plain.answers, plain.verdicts) == (20, 20)
    assert (known.answers, known.verdicts) == (10, 20) and known.usd < plain.usd
