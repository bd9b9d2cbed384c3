import pytest

from core.reports.words import amount_in, change_words, ends_in, listed, usd


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "$0.00"),
        (0.004, "under $0.01"),
        (99.995, "$100.00"),
        (100, "$100"),
        (-1234.6, "-$1,235"),
    ],
)
def test_money_has_cents_only_where_they_matter(amount: float, words: str) -> None:
    assert usd(amount) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["a"], "a"), (["a", "b", "a"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_are_listed_once_each(names: list[str], words: str) -> None:
    assert listed(names) == words


def test_a_change_is_never_a_negative_share() -> None:
    assert (change_words(0.62), change_words(-0.1)) == ("62% less", "10% more")


def test_rates_are_percent_where_their_unit_says_so() -> None:
    assert amount_in(0.025, "% a month") == "2.5"
    assert amount_in(1_234.5, "$ once") == "1,234.5"
    assert amount_in(None, "months") == "not given"
    assert ends_in(0.2, 0.6, "% a year") == "20 to 60"
    assert ends_in(None, None, "% a year") == ""
