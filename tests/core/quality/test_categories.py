from pathlib import Path

import pytest

from core.complexity.scale import Tier
from core.errors import BadInput
from core.quality.categories import (
    Categories,
    agreement,
    estimate_categories,
    latest_categories,
    read_categories,
    read_category,
    run_categories,
    told,
    write_categories,
)
from core.quality.journal import Told
from core.quality.replay import Candidate

from ..workload.conftest import make_model
from .conftest import KEY, SMALL, Server, prompts

ASKED = Candidate(SMALL, "small")


def make(count: int = 12, cap: float = 1.0) -> Categories:
    return Categories("c1", ASKED, tuple(range(count)), (2.0,) * count, cap)


def sorter(body: dict) -> str:  # type: ignore[type-arg]
    number = int(body["messages"][-1]["content"].split()[3])
    return f'Sure: {{"category": "{("simple", "medium", "complex")[number % 3]}"}}'


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ('{"category": "simple"}', "simple"),
        ('```json\n{"category": "complex"}\n```', "complex"),
        ('{"category": "hard"}', None),
        ("simple", None),
        ("", None),
    ],
)
def test_a_category_is_found_in_the_model_s_words(words: str, tier: Tier | None) -> None:
    assert read_category(words) == tier


def test_every_query_is_asked_for_once_and_can_be_gone_on_with(
    server: Server, folder: Path
) -> None:
    server.script.words = sorter  # type: ignore[method-assign]
    write_categories(folder, make())
    cost = estimate_categories(prompts(12).values(), ASKED)
    ran = run_categories(folder, read_categories(folder), prompts(12), server.endpoint())
    assert (ran.ending, ran.done) == ("done", 12)
    assert cost.low < ran.spent_usd < cost.high
    said = told(Told(folder).items)
    assert said == {n: ("simple", "medium", "complex")[n % 3] for n in range(12)}
    sent = len(server.script.bodies)
    run_categories(folder, make(), prompts(12), server.endpoint())
    assert len(server.script.bodies) == sent == 12
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert KEY.encode() not in written and b"What is 3" not in written


def test_nonsense_fails_a_query_alone_and_the_cap_holds(server: Server, folder: Path) -> None:
    server.script.words = lambda body: "It depends."  # type: ignore[method-assign]
    ran = run_categories(folder, make(3), prompts(3), server.endpoint())
    assert (ran.done, ran.failed) == (0, 3)
    server.script.words = sorter  # type: ignore[method-assign]
    capped = run_categories(folder / "b", make(20, cap=0.003), prompts(20), server.endpoint())
    assert capped.ending == "cap" and capped.spent_usd <= 0.003


def test_agreement_is_weighted_and_beside_chance() -> None:
    sorted_to: dict[int, Tier] = {0: "simple", 1: "simple", 2: "medium", 3: "complex"}
    said: dict[int, Tier] = {0: "simple", 1: "medium", 2: "medium", 3: "complex"}
    what = Categories("c", ASKED, (0, 1, 2, 3), (1.0, 1.0, 2.0, 4.0), 1.0)
    found = agreement(what, said, sorted_to)
    assert found is not None and found.queries == 4
    assert found.same == pytest.approx(7 / 8)
    # rows 1/4, 1/4, 1/2; columns 1/8, 3/8, 1/2
    chance = (2 * 1 + 2 * 3 + 4 * 4) / 64
    assert found.kappa == pytest.approx((7 / 8 - chance) / (1 - chance))
    assert agreement(what, {}, sorted_to) is None


def test_the_last_ones_asked_for_are_found(tmp_path: Path) -> None:
    assert latest_categories(tmp_path) is None
    place = tmp_path / "categories" / "c1"
    write_categories(place, make())
    assert latest_categories(tmp_path) == place
    with pytest.raises(BadInput, match="no price"):
        write_categories(place, Categories("x", Candidate(make_model("m", None), "m"), (), (), 1.0))
    with pytest.raises(BadInput, match="nothing to go on with"):
        read_categories(tmp_path)
