"""Headline figures of benches that print tables."""

from pathlib import Path

from tests.bench.figures import Figure, keep, kept
from tests.bench.groups import GROUPS, paged, redrawn, started, table

NOWHERE = Path("nowhere")
ROOT = Path(__file__).parent


def test_every_group_is_a_module_beside_this_one() -> None:
    assert all((ROOT / f"{group.module}.py").exists() for group in GROUPS.values())


def test_the_numbers_of_a_line_follow_its_name() -> None:
    told = "to medium    92 ms     1,197 ms    1.05\nsome words\nstart  1.20  0.9 Python 3, it is\n"
    assert table(told) == {"to medium": [92, 1197, 1.05], "start": [1.2, 0.9]}


def test_the_slowest_and_the_steepest_control_are_headlines() -> None:
    printed = (
        "control moved                            1,000     1,000,000   ratio\n"
        "to medium                               92 ms         97 ms    1.05\n"
        "strategy                                10 ms         20 ms    2.00\n"
    )
    assert redrawn(printed, NOWHERE) == [
        Figure("redraw, slowest: to medium", 97, "ms", "on the short log: 92 ms", 1.05),
        Figure("redraw, steepest: strategy", 20, "ms", "on the short log: 10 ms", 2.0),
    ]


def test_the_slowest_page_of_each_visit_is_a_headline() -> None:
    printed = (
        "20,000 queries: 654 cells\n"
        "page             first   again    back\n"
        "log                150      20      30\n"
        "plan               330      10      60   over 300 ms\n"
    )
    found = [(each.name, each.ratio) for each in paged(printed, NOWHERE)]
    assert found == [
        ("slowest page, first: plan", 1.1),
        ("slowest page, again: log", 20 / 300),
        ("slowest page, back: plan", 0.2),
    ]


def test_a_start_is_listening_and_painting() -> None:
    printed = (
        "listens         1.00    0.90    1.10  it is up\ntogether        2.00    1.90    2.10\n"
    )
    assert [(e.value, e.ratio) for e in started(printed, NOWHERE)] == [(1.0, 0.5), (2.0, 1.0)]


def test_kept_figures_come_back(tmp_path: Path) -> None:
    figures = [Figure("a – b", 1.5, "s", "c", 0.5), Figure("alone", 3.0, "")]
    keep(figures, tmp_path / "figures.json")
    assert kept(tmp_path / "figures.json") == figures
