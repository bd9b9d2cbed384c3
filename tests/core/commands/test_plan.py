import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.frozen.document import document_from_json
from core.places import shipped
from core.store.access import the_person_here
from core.store.engine import open_engine
from core.store.finding import find_plans
from core.store.plans import load_plan

from .conftest import EASY, HARD, Run

PROMISED = {
    "baseline_monthly_usd", "planned_monthly_usd", "saving_share", "saving_share_range", "quality",
    "quality_range", "baseline_quality", "tiers", "thresholds", "controls", "plan_id",
}  # fmt: skip
# nine days of twenty queries at 0.004 USD
MONTHLY_USD = 20 * 0.004 * 30.4375 / 9


def test_the_json_has_the_promised_figures(run: Run, log: Path) -> None:
    found = run("plan", log, "--json").json
    assert found.keys() >= PROMISED
    assert found["baseline_monthly_usd"] == pytest.approx(MONTHLY_USD)
    planned = found["planned_monthly_usd"]
    assert found["saving_share"] == pytest.approx(1 - planned / MONTHLY_USD)
    for name in ("saving_share", "quality", "planned_monthly_usd", "quality_kept"):
        low, high = found[f"{name}_range"]
        assert low <= found[name] <= high
    assert found["quality"] / found["baseline_quality"] == pytest.approx(found["quality_kept"])
    assert list(found["tiers"]) == ["simple", "medium", "complex"]
    assert sum(t["share_of_queries"] for t in found["tiers"].values()) == pytest.approx(1)
    assert sum(t["share_of_cost"] for t in found["tiers"].values()) == pytest.approx(1)
    assert (found["thresholds"]["to_medium"], found["thresholds"]["to_complex"]) == (0.05, 0.05)
    assert found["controls"]["today's mix"]["monthly_usd"] == pytest.approx(MONTHLY_USD)
    assert all(c.keys() == {"monthly_usd", "quality"} for c in found["controls"].values())
    assert found["plan_id"] is None and found["left_out_share"] == 0


def test_a_plan_on_sizes_says_so_and_is_less_sure_of_quality(
    run: Run, log: Path, tmp_path: Path
) -> None:
    by_text = run("plan", log, "--json").json
    assert (by_text["basis"], by_text["warnings"]) == ("text", [])
    bare = tmp_path / "bare.csv"
    rows = [line.split(",") for line in log.read_text().splitlines()]
    bare.write_text("\n".join(",".join([*row[:4], *row[-4:]]) for row in rows) + "\n")
    found = run("plan", bare, "--json").json
    assert found["basis"] == "size" and found["warnings"][0].startswith("Sorted by size only")
    assert found["baseline_monthly_usd"] == pytest.approx(MONTHLY_USD)
    low, high = found["quality_range"]
    text_low, text_high = by_text["quality_range"]
    assert low <= text_low and high - low >= text_high - text_low
    said = run("plan", bare).out
    assert "Unverified: from size alone." in said and "Sorted by size only" in said


def test_a_summary_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    sums = tmp_path / "sums.csv"
    sums.write_text(
        "date,model,prompt_tokens,completion_tokens,spend,api_requests,successful_requests\n"
        "2026-11-03,gpt-4o,90000,7000,0.31,40,40\n"
    )
    for command in ("plan", "categorize"):
        ran = run(command, sums)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "this log is a summary" in ran.err and "add up 40 calls" in ran.err


def test_staying_on_todays_model_saves_nothing(run: Run, log: Path) -> None:
    found = run(
        "plan", log, "--simple", "gpt-4o", "--medium", "gpt-4o", "--complex", "gpt-4o", "--json"
    ).json
    assert {t["model"] for t in found["tiers"].values()} == {"gpt-4o"}
    assert found["saving_share"] == pytest.approx(0, abs=1e-9)
    assert found["quality"] == pytest.approx(found["baseline_quality"])
    # one model in all tiers: everything is simple, and a cut without end is null
    assert found["thresholds"]["difficulty_cuts"] == [None, None]


def test_one_cheaper_model_costs_its_list_price_from_a_cold_cache(run: Run, log: Path) -> None:
    mini = "gpt-4o-mini"
    found = run("plan", log, "--simple", mini, "--medium", mini, "--complex", mini, "--json").json
    # 1,000 in and 200 out at 0.15 and 0.60 USD per million
    assert found["planned_monthly_usd"] == pytest.approx(20 * 0.00027 * 30.4375 / 9)


def test_the_cheapest_plan_of_a_wanted_quality_keeps_it(run: Run, log: Path) -> None:
    costs = []
    for wanted in (0.9, 1.0, 1.03):
        found = run("plan", log, "--min-quality", wanted, "--json").json
        assert found["quality_kept"] >= wanted - 1e-9
        costs.append(found["planned_monthly_usd"])
    assert costs == sorted(costs)


def test_the_best_plan_for_a_budget_stays_within_it(run: Run, log: Path) -> None:
    qualities = []
    for budget in (0.06, 0.1, 0.2):
        found = run("plan", log, "--max-monthly-usd", budget, "--json").json
        assert found["planned_monthly_usd"] <= budget
        qualities.append(found["quality"])
    assert qualities == sorted(qualities)


@pytest.mark.parametrize("said", ["our-own-bot-9=gpt-4o", "*=gpt-4o"])
def test_an_unknown_model_stands_for_what_the_user_says(
    run: Run, unknown_log: Path, log: Path, said: str
) -> None:
    found = run("plan", unknown_log, "--stands-for", said, "--json").json
    known = run("plan", log, "--json").json
    assert found["baseline_monthly_usd"] == pytest.approx(MONTHLY_USD)
    assert found["saving_share"] == pytest.approx(known["saving_share"])


def test_a_name_that_is_said_outright_goes_before_the_star(run: Run, unknown_log: Path) -> None:
    words = ["--stands-for", "our-own-bot-9=gpt-4o", "--stands-for", "*=gpt-4o-mini"]
    for order in (words, words[2:] + words[:2]):
        found = run("plan", unknown_log, *order, "--json").json
        assert found["baseline_monthly_usd"] == pytest.approx(MONTHLY_USD)


def test_queries_of_unknown_models_are_left_out_and_counted(run: Run, log: Path) -> None:
    text = log.read_text().replace("chat,gpt-4o", "chat,our-own-bot-9")
    log.write_text(text)
    found = run("plan", log, "--json").json
    assert found["left_out_share"] == 0.5
    assert found["baseline_monthly_usd"] == pytest.approx(MONTHLY_USD / 2)
    said = run("plan", log)
    assert "Left out: 50% of queries, unknown models (our-own-bot-9)." in said.out


def test_a_saved_plan_can_be_opened_and_holds_no_prompt(run: Run, log: Path) -> None:
    found = run("plan", log, "--save", "Autumn", "--author", "Ada", "--json").json
    engine = open_engine()
    saved = load_plan(engine, the_person_here(), found["plan_id"], now=datetime.now(UTC))
    engine.dispose()
    assert (saved.name, saved.author, saved.version) == ("Autumn", "Ada", 1)
    assert saved.headline.planned_monthly_usd == found["planned_monthly_usd"]
    assert saved.headline.saving_share == found["saving_share"]
    assert saved.headline.log_name == "log.csv"
    document = document_from_json(saved.document)
    assert document.figures.outcome.planned.central == found["planned_monthly_usd"]
    for prompt in (EASY, HARD, "reset it", "thanks a lot"):
        assert prompt not in saved.document


def test_a_plan_is_saved_without_naming_an_author(run: Run, log: Path) -> None:
    said = run("plan", log, "--save", "Autumn")
    assert (said.code, said.err) == (0, "")
    engine = open_engine()
    (plan,) = find_plans(engine, the_person_here()).rows
    engine.dispose()
    assert plan.name == "Autumn" and said.out.endswith(f"Saved as {plan.id}.\n")


def test_planning_alone_makes_no_database(run: Run, log: Path, home: Path) -> None:
    assert run("plan", log).code == 0
    assert list(home.iterdir()) == []


def test_the_words_say_the_same(run: Run, log: Path) -> None:
    found = run("plan", log, "--json").json
    said = run("plan", log)
    assert said.code == 0
    first = said.out.splitlines()[0]
    assert f"Costs ${found['planned_monthly_usd']:.2f} a month instead of $0.27" in first
    assert f"{found['saving_share']:.0%} less" in first and "Unverified" in first
    assert all(name in said.out for name in found["controls"])


def test_the_sample_log_is_planned_whole(run: Run) -> None:
    sample = shipped("sample_log/support_bot.csv.gz")
    found = run("plan", sample, "--json").json
    assert 0 < found["planned_monthly_usd"] < found["baseline_monthly_usd"]
    moved = 1 - found["tiers"]["complex"]["share_of_queries"]
    assert 0 < moved < 1
    # the same log, plan and catalogue give the same numbers
    assert run("plan", sample, "--json").json == found


def test_a_cascade_is_planned_checked_and_saved(run: Run, log: Path) -> None:
    route = run("plan", log, "--json").json
    found = run("plan", log, "--strategy", "cascade", "--save", "tries", "--json").json
    assert (route["strategy"], found["strategy"]) == ("route", "cascade")
    assert route["check"] is None and found["check"]["accepts_good"] == 0.9
    assert found["planned_monthly_usd"] != route["planned_monthly_usd"]
    assert found["misrouted"] is None and 0 <= route["misrouted"]["too_low"] <= 1
    both = found["route_or_cascade"]
    assert both["cascade_monthly_usd"] == pytest.approx(found["planned_monthly_usd"])
    assert both["better"] in ("route", "cascade") and 0 < both["accepted_share"] < 1
    assert (
        both["third_call_share"]
        <= both["second_call_share"]
        == pytest.approx(1 - both["accepted_share"])
    )
    said = run("plan", log, "--strategy", "cascade", "--check", "gpt-4o-mini").out
    assert "passes 90% of acceptable and 30% of other answers (a judgement)" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--check", "gpt-4o-mini"], "only a cascade checks answers"),
        (["--strategy", "cascade", "--min-quality", "0.9"], "no tolerances to search over"),
        (["--strategy", "cascade", "--check", "nobody"], "nobody"),
    ],
)
def test_what_a_strategy_cannot_do_is_said_in_one_line(
    run: Run, log: Path, options: list[str], said: str
) -> None:
    ran = run("plan", log, *options)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1) and said in ran.err


def test_rules_on_top_say_what_they_move_and_are_saved(run: Run, log: Path, tmp_path: Path) -> None:
    free = run("plan", log, "--json").json
    rule = "contains hello, reset => force complex"
    bound = run("plan", log, "--rule", rule, "--save", "ruled", "--json").json
    (effect,) = bound["rules"]
    assert effect["rule"] == "If the text contains hello, reset: always complex"
    assert 0 < effect["moved"] <= effect["monthly_queries"]
    more = bound["planned_monthly_usd"] - free["planned_monthly_usd"]
    assert effect["monthly_usd"] == pytest.approx(more) and more > 0
    assert free["rules"] == []
    assert "always complex: fits" in run("plan", log, "--rule", rule).out
    assert run("export", bound["plan_id"], "--to", "python", "--out", tmp_path).code == 0
    assert "hello" in (tmp_path / "tierwise_route.py").read_text()


@pytest.mark.parametrize("rule", ["refund", "matches ( => floor medium", "mood bad => cap simple"])
def test_what_is_no_rule_is_refused_in_one_line(run: Run, log: Path, rule: str) -> None:
    ran = run("plan", log, "--rule", rule)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_settings_of_a_tier_change_what_it_costs(run: Run, log: Path) -> None:
    plain = run("plan", log, "--json").json
    doubled = run("plan", log, "--tier", "simple: output=2", "--json").json
    assert doubled["planned_monthly_usd"] > plain["planned_monthly_usd"]
    assert doubled["baseline_monthly_usd"] == plain["baseline_monthly_usd"]
    refused = run("plan", log, "--tier", "simple: output=0")
    assert refused.code != 0 and "output of 0 times" in refused.err


def test_what_is_too_long_for_a_model_is_said_and_goes_higher(
    run: Run, log: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long.csv"
    with log.open() as old:
        rows = list(csv.DictReader(old))
    for row in rows[:4]:
        row["input_tokens"] = "12000"
    with long.open("w", newline="") as new:
        writer = csv.DictWriter(new, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = run("plan", long, "--simple", "gpt-4", "--medium", "gpt-4", "--json").json
    assert any("4 queries of the log are too long" in words for words in found["warnings"])
    assert found["tiers"]["complex"]["share_of_queries"] >= 4 / len(rows) - 1e-9


def test_outcomes_of_the_plans_models_are_shown_beside_it(
    run: Run, log: Path, tmp_path: Path
) -> None:
    names = ["gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol"]
    ids = [row.split(",")[0] for row in log.read_text().splitlines()[1:]]
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text(
        "request_id,model,score\n"
        + "".join(f"{i},{m},{int(m != names[0])}\n" for i in ids for m in names)
    )
    found = run("plan", log, "--calibration", outcomes, "--json").json["on_labels"]
    assert found["queries"] == len(ids)
    assert found["rows"]["oracle"]["quality"] == 1.0
    assert run("plan", log, "--json").json["on_labels"] is None
    said = run("plan", log, "--calibration", outcomes).out
    assert f"Measured on {len(ids)} labelled queries" in said


def test_a_rule_by_customer_finds_its_queries_in_the_log(
    run: Run, log: Path, tmp_path: Path
) -> None:
    with log.open() as old:
        rows = list(csv.DictReader(old))
    named = tmp_path / "named.csv"
    with named.open("w", newline="") as new:
        writer = csv.DictWriter(new, [*rows[0], "user_id"])
        writer.writeheader()
        writer.writerows(
            row | {"user_id": "acme" if n < 5 else "other"} for n, row in enumerate(rows)
        )
    (rule,) = run("plan", named, "--rule", "customer acme => force complex", "--json").json["rules"]
    ten_days = 30.4375 / 9
    assert rule["monthly_queries"] == pytest.approx(5 * ten_days)
    assert "the customer is acme" in rule["rule"]
