"""Exports decide as the plan does, say what they cannot, and hold no secret."""

import asyncio
import json
import random
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from jsonschema import Draft202012Validator

from core.complexity.classifier import Classifier, load_classifier
from core.complexity.scale import NEUTRAL
from core.errors import BadInput
from core.logs.privacy.identities import pseudonyms
from core.routing.assumptions import Uncertainty
from core.routing.check import Check
from core.routing.exports.policy import Exported, policy
from core.routing.exports.targets import TARGETS, export
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.routing.simulate import plan_cuts, simulate
from core.workload.grid import BINS, BOUNDS, bin_of, tier_by_place
from core.workload.learning import learn_from
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.routing_rules import RoutingRule, bounds_of, first_fit
from core.workload.scores import score_log, scored_batches
from core.workload.windows import bounds_within
from core.workload.workload import band_of

from ...workload.conftest import make_model, row, table
from ..conftest import EASY, HARD, traffic

SMALL = replace(make_model("gpt-small", 0.1, 0.5, ability=2.5), provider="openai")
MIDDLE = replace(make_model("claude-middle", 1.0, 5.0, ability=3.3), provider="anthropic")
LARGE = replace(make_model("self-hosted/llama", 2.0, 10.0, ability=4.1), provider="self-hosted")
PLAN = Plan(SMALL, MIDDLE, LARGE)

ODD = [
    None, "", "   ", "\n\t", "\u00a0", "thanks", "hello", "Pouvez-vous m'aider, s'il vous plaît ?",
    "wie kann ich mein Passwort ändern, bitte", "日本語のテキストを翻訳して", "Привет, как дела?",
    "नमस्ते दुनिया", "{};()[]=" * 100, "A" * 300, "10:11:12 done, " * 20, "word " * 2000,
    "x" * 9000, "é" * 50, "K ſ İ ı µ ª", "What?\nA. one\nB. two\nAnswer:", "c++ and c# and C++",
    "how many, how much: show that 3.14 * x^2 <= \\frac{1}{2}", '"""', "\\", "\x00",
    "red, green, blue, xylograph, quincunx, zeugma, syzygy",
]  # fmt: skip


def texts(n: int) -> list[str | None]:
    """Odd texts, questions, and strings of letters of all scripts."""
    dice = random.Random(3)
    words = [
        "how",
        "do",
        "I",
        "reset",
        "the",
        "password",
        "of",
        "my",
        "account",
        "if",
        "3.5",
        "x",
        "=",
        "2",
        "prove",
        "calculate",
        "python",
    ]
    words += ["voilà", "straße", "数", "json,", "10:11:12", "a1b2", "\\alpha", "(b)", "\n(a) "]
    made: list[str | None] = [
        " ".join(dice.choices(words, k=dice.randrange(1, 60))) for _ in range(n // 2)
    ]
    ranges = [(32, 127), (160, 900), (0x900, 0x3200), (10, 14), (0x1F300, 0x1F700)]
    for _ in range(n - len(made)):
        picked = dice.choices(ranges, weights=(8, 2, 1, 1, 1), k=dice.randrange(1, 200))
        made.append("".join(chr(dice.randrange(*bounds)) for bounds in picked))
    return ODD + made


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture(scope="module")
def exported(classifier: Classifier) -> Exported:
    return made(classifier, PLAN)


def made(classifier: Classifier, plan: Plan) -> Exported:
    outcome = simulate(
        traffic([EASY, HARD], LARGE), plan, Uncertainty(classifier.spread, classifier.level_sd)
    )
    return Exported(
        plan, outcome, classifier, "abc123", 'Autumn "quoted"', "2026-11-26T05:00:00+00:00",
        "2026-11-23",
    )  # fmt: skip


def module(source: str, name: str) -> ModuleType:
    loaded = module_from_spec(spec_from_loader(name, loader=None))
    exec(compile(source, name, "exec"), loaded.__dict__)
    return loaded


def tiers_of_the_plan(
    classifier: Classifier, plan: Plan, asked: list[str | None], folder: Any
) -> list[str]:
    """Every query's tier as the simulation counts it: scored, placed, cut."""
    queries, scores = folder / "queries.parquet", folder / "scores.parquet"
    pq.write_table(table([row(str(n), text=text) for n, text in enumerate(asked)]), queries)
    score_log(queries, scores, classifier)
    placing = Placing(classifier)
    tier_of_place = tier_by_place(plan_cuts(plan, classifier.spread))
    found: list[int] = []
    for batch, score in scored_batches(queries, scores):
        placed = placing.place(batch, score)
        found += tier_of_place[BINS * NEUTRAL + bin_of(placed.difficulty)].tolist()
    return [("simple", "medium", "complex")[code] for code in found]


@pytest.mark.parametrize(
    "tolerances", [(0.05, 0.05), (0.0, 0.02), (0.1, 1.0), (1.0, 1.0), (0.0, 0.0)]
)
def test_the_python_function_decides_as_the_simulation_does(
    classifier: Classifier, tmp_path: Any, tolerances: tuple[float, float]
) -> None:
    plan = Plan(SMALL, MIDDLE, LARGE, *tolerances)
    source = export(made(classifier, plan), "python").files["tierwise_route.py"]
    route = module(source, "tierwise_route").route
    asked = texts(10_000 if tolerances == (0.05, 0.05) else 500)
    expected = tiers_of_the_plan(classifier, plan, asked, tmp_path)
    decided = [route(text) for text in asked]
    wrong = [
        (text, mine, theirs)
        for text, mine, theirs in zip(asked, decided, expected, strict=True)
        if mine != theirs
    ]
    assert not wrong, wrong[:3]
    assert len(set(expected)) == 3 or tolerances != (0.05, 0.05)


def test_what_own_outcomes_taught_is_decided_by_segment_too(
    classifier: Classifier, tmp_path: Any
) -> None:
    """Learned from two segments, one of which gains; one is called otherwise by now."""
    asked = texts(2_000)
    segment = [("search", "billing", "rare", None)[n % 4] for n in range(len(asked))]
    dice = random.Random(1)
    answered = [n for n in range(len(asked)) if n % 4 < 2][:600]
    own = OwnOutcomes(
        np.repeat(answered, 2),
        pa.array(["gpt-small", "self-hosted/llama"] * len(answered)),
        np.array([
            float(dice.random() < (0.3 if n % 4 == 0 and model == 0 else 0.9))
            for n in answered for model in (0, 1)
        ]),
        {},
    )  # fmt: skip
    queries, scores = tmp_path / "queries.parquet", tmp_path / "scores.parquet"
    rows = [
        row(str(n), text=text, segment=name, text_chars=len(text or ""))
        for n, (text, name) in enumerate(zip(asked, segment, strict=True))
    ]
    pq.write_table(table(rows), queries)
    score_log(queries, scores, classifier)
    placing = Placing(classifier, names={"billing": "Money"})
    names = {"gpt-small": SMALL, "self-hosted/llama": LARGE}
    learned = learn_from(queries, scores, placing, own, names)
    placing = replace(placing, learned=learned)
    cuts = tier_by_place(plan_cuts(PLAN, classifier.spread))
    expected: list[str] = []
    for batch, score in scored_batches(queries, scores, topics=True):
        placed = placing.place(batch, score)
        places = BINS * placed.lever + bin_of(placed.difficulty)
        expected += [("simple", "medium", "complex")[code] for code in cuts[places]]
    found = replace(
        made(classifier, PLAN), learned=learned.without_ranges(), segment_names=placing.names
    )
    for to, name in (("python", "tierwise_route"), ("litellm", "tierwise_classifier")):
        route = module(export(found, to).files[f"{name}.py"], name).route
        decided = [route(text, name) for text, name in zip(asked, segment, strict=True)]
        assert decided == expected
    assert len(set(expected)) > 1
    assert "Segments" in export(found, "litellm").cannot_express[-1]


def test_rules_are_decided_as_the_workload_counts_them(
    classifier: Classifier, tmp_path: Any
) -> None:
    asked = texts(3_000)
    rules = (
        RoutingRule("contains", "Password, c++, (b)", "floor", "medium"),
        RoutingRule("matches", r"\b[0-9]+\b.*\bx\b", "force", "complex"),
        RoutingRule("segment", "Money", "cap", "simple"),
        RoutingRule("input_tokens", "900", "cap", "medium"),
        RoutingRule("language", "", "force", "simple"),
        RoutingRule("tools", "search, bash", "floor", "medium"),
        RoutingRule("customer", "acme", "force", "complex"),
    )
    offered = [("search, sum", None, "sum", "bash")[n % 4] for n in range(len(asked))]
    customer = [("acme", "other", None)[n % 3] for n in range(len(asked))]
    hashed = pseudonyms(pa.array(customer), b"key").to_pylist()
    segment = [("search", "billing", None)[n % 3] for n in range(len(asked))]
    tokens = [(n % 1_000) * (40 if n % 7 == 0 else 1) for n in range(len(asked))]
    facts = zip(asked, segment, tokens, offered, hashed, strict=True)
    rows = [
        row(str(n), text=text, segment=name, input_tokens=count, tools=tools, user=user)
        for n, (text, name, count, tools, user) in enumerate(facts)
    ]
    held = replace(
        PLAN,
        simple=replace(PLAN.simple, context_window=8_192),
        medium=replace(PLAN.medium, context_window=33_000),
        rules=rules,
    )
    bounds_by_band = bounds_within(held.windows)
    queries, scores = tmp_path / "queries.parquet", tmp_path / "scores.parquet"
    pq.write_table(table(rows), queries)
    score_log(queries, scores, classifier)
    placing = Placing(classifier, names={"billing": "Money"})
    tiers = tier_by_place(plan_cuts(PLAN, classifier.spread))
    expected: list[str] = []
    hit: set[int] = set()
    for batch, score in scored_batches(queries, scores):
        placed = placing.place(batch, score)
        codes = first_fit(rules, pa.table(batch), placed, b"key")
        hit |= set(codes.tolist())
        free = tiers[BINS * placed.lever + bin_of(placed.difficulty)]
        bands = band_of(batch.column("input_tokens").to_numpy())
        low, high = np.array(BOUNDS)[bounds_by_band[bands, bounds_of(rules, codes)]].T
        expected += [("simple", "medium", "complex")[code] for code in np.clip(free, low, high)]
    found = replace(made(classifier, held), segment_names=placing.names)
    route = module(export(found, "python").files["tierwise_route.py"], "tierwise_route").route
    names = [words.split(", ") if words else None for words in offered]
    decided = [route(*each) for each in zip(asked, segment, tokens, names, customer, strict=True)]
    wrong = [x for x in zip(asked, decided, expected, strict=True) if x[1] != x[2]]
    assert not wrong, wrong[:3]
    assert hit == set(range(8))
    said = " ".join(export(found, "litellm").cannot_express)
    assert "Rules by input tokens" in said and "Segments" in said
    assert "Rules by tools" in said and "Customers" in said and "Context windows" in said
    assert "rules" in " ".join(export(found, "vllm-sr").cannot_express)


async def asked_of_litellm(plugin: Any, content: object) -> str:
    messages = [
        {"role": "system", "content": "prove"},
        {"role": "user", "content": "earlier"},
        {"role": "user", "content": content},
    ]
    return str(await plugin.classify(SimpleNamespace(structured_messages=messages)))


def test_the_litellm_plugin_decides_as_the_function_does(exported: Exported) -> None:
    files = export(exported, "litellm").files
    loaded = module(files["tierwise_classifier.py"], "tierwise_classifier")
    for text in texts(300):
        upper = loaded.route(text).upper()
        assert asyncio.run(asked_of_litellm(loaded.plugin, text)) == upper
    parts = [{"type": "text", "text": "hello"}, {"type": "image_url"}]
    assert asyncio.run(asked_of_litellm(loaded.plugin, parts)) == "SIMPLE"
    empty = SimpleNamespace(structured_messages=[])
    assert asyncio.run(loaded.plugin.classify(empty)) == loaded.route("").upper()


def test_the_litellm_plugin_reads_the_segment_from_the_callers_metadata(
    classifier: Classifier,
) -> None:
    rules = (RoutingRule("segment", "legal", "force", "complex"),)
    files = export(made(classifier, replace(PLAN, rules=rules)), "litellm").files
    plugin = module(files["tierwise_classifier.py"], "tierwise_classifier").plugin
    messages = [{"role": "user", "content": "hello"}]
    for metadata, tier in (({"segment": "legal"}, "COMPLEX"), ({}, "SIMPLE"), (None, "SIMPLE")):
        asked = SimpleNamespace(structured_messages=messages, metadata=metadata)
        assert asyncio.run(plugin.classify(asked)) == tier


def test_litellm_gets_every_tier_and_only_names_of_keys(exported: Exported) -> None:
    config = yaml.safe_load(export(exported, "litellm").files["config.yaml"])
    params = {m["model_name"]: m["litellm_params"] for m in config["model_list"]}
    assert params["tierwise-simple"]["model"] == "openai/gpt-small"
    assert params["tierwise-medium"]["api_key"] == "os.environ/ANTHROPIC_API_KEY"
    assert params["tierwise-complex"]["api_base"].startswith("os.environ/")
    router = params["tierwise"]["complexity_router_config"]
    assert router["tiers"] == {
        "SIMPLE": "tierwise-simple",
        "MEDIUM": "tierwise-medium",
        "COMPLEX": "tierwise-complex",
        "REASONING": "tierwise-complex",
    }
    assert set(router["tiers"].values()) <= params.keys()
    assert params["tierwise"]["complexity_router_default_model"] in params


def test_fallbacks_and_efforts_are_written_where_a_router_knows_them(
    classifier: Classifier,
) -> None:
    plan = replace(
        PLAN,
        settings=(
            TierSettings(fallback=PLAN.medium),
            TierSettings(effort="low"),
            TierSettings(fallback=PLAN.medium, effort="high"),
        ),
    )
    found = made(classifier, plan)
    litellm = yaml.safe_load(export(found, "litellm").files["config.yaml"])
    params = {m["model_name"]: m["litellm_params"] for m in litellm["model_list"]}
    assert params["tierwise-simple-fallback"]["model"] == params["tierwise-medium"]["model"]
    assert "reasoning_effort" not in params["tierwise-simple-fallback"]
    assert params["tierwise-medium"]["reasoning_effort"] == "low"
    assert litellm["router_settings"]["fallbacks"] == [
        {"tierwise-simple": ["tierwise-simple-fallback", "tierwise-medium"]},
        {"tierwise-medium": ["tierwise-complex"]},
        {"tierwise-complex": ["tierwise-complex-fallback"]},
    ]
    portkey = json.loads(export(found, "portkey").files["config.json"])
    simple, medium, _ = portkey["targets"]
    assert simple["strategy"] == {"mode": "fallback"} and len(simple["targets"]) == 2
    assert medium["override_params"]["reasoning_effort"] == "low"
    router = yaml.safe_load(export(found, "vllm-sr").files["config.yaml"])
    asked = {d["name"]: d["modelRefs"][0] for d in router["routing"]["decisions"]}
    assert asked["complex"] == {
        "model": "complex", "use_reasoning": True, "reasoning_effort": "high",
    }  # fmt: skip
    assert "fallback models" in " ".join(export(found, "vllm-sr").cannot_express)
    tiers = json.loads(export(found, "json").files["plan.json"])["tiers"]
    assert [t["fallback_model"] for t in tiers] == [PLAN.medium.id, None, PLAN.medium.id]
    assert [t["reasoning_effort"] for t in tiers] == [None, "low", "high"]


def test_portkey_conditions_name_its_targets_and_the_default_is_the_safe_tier(
    exported: Exported,
) -> None:
    config = json.loads(export(exported, "portkey").files["config.json"])
    targets = [target["name"] for target in config["targets"]]
    assert config["strategy"]["default"] == "complex" in targets
    assert all(c["then"] in targets for c in config["strategy"]["conditions"])
    assert all(target["retry"] for target in config["targets"]), "else its schema refuses it"


def test_the_semantic_router_names_its_signals_and_models(exported: Exported) -> None:
    config = yaml.safe_load(export(exported, "vllm-sr").files["config.yaml"])
    names = [model["name"] for model in config["providers"]["models"]]
    (signal,) = config["routing"]["signals"]["complexity"]
    assert 0 < signal["threshold"] < 0.5
    assert signal["hard"]["candidates"] and signal["easy"]["candidates"]
    levels = set()
    for decision in config["routing"]["decisions"]:
        (condition,) = decision["rules"]["conditions"]
        levels.add(condition["name"])
        assert decision["modelRefs"][0]["model"] in names
    assert levels == {"plan:easy", "plan:medium", "plan:hard"}
    assert config["providers"]["defaults"]["model"] in names


def test_the_json_policy_fits_its_schema(exported: Exported, classifier: Classifier) -> None:
    for plan in (PLAN, replace(PLAN, check=Check(SMALL)), Plan(SMALL, MIDDLE, LARGE, 1.0, 1.0)):
        files = export(made(classifier, plan), "json").files
        schema = json.loads(files["plan.schema.json"])
        Draft202012Validator.check_schema(schema)
        found = json.loads(files["plan.json"])
        Draft202012Validator(schema).validate(found)
        assert found["strategy"] == plan.strategy
        assert len(found["escalation"]) == (2 if plan.check else 0)
        assert found["tiers"][1]["price_usd_per_mtok"]["output"] == "5"


@pytest.mark.parametrize("to", list(TARGETS))
def test_every_export_says_where_it_is_from_and_holds_no_secret(
    exported: Exported, to: str
) -> None:
    found = export(exported, to)
    together = "\n".join(found.files.values())
    assert "abc123" in together and "2026-11-23" in together
    assert found.target_version
    assert "sk-" not in together


@pytest.mark.parametrize("to", ["litellm", "vllm-sr", "portkey", "python"])
def test_a_cascade_is_among_what_cannot_be_expressed(classifier: Classifier, to: str) -> None:
    found = export(made(classifier, replace(PLAN, check=Check(SMALL))), to)
    assert "cascade" in found.cannot_express[0] or "escalating" in found.cannot_express[0]


def test_an_unknown_target_is_refused(exported: Exported) -> None:
    with pytest.raises(BadInput, match="no target 'nginx'"):
        export(exported, "nginx")


def test_a_policy_is_plain_json(exported: Exported) -> None:
    found = policy(exported)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_exported_module_needs_the_standard_library_only(exported: Exported) -> None:
    source = export(exported, "python").files["tierwise_route.py"]
    imports = [line.split()[1].split(".")[0] for line in source.splitlines()
               if line.startswith(("import ", "from "))]  # fmt: skip
    assert imports and set(imports) <= sys.stdlib_module_names
    assert source.isascii()
