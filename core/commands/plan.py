"""`tierwise plan LOG`: designs a three-tier routing plan for a log."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime

from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.cautions import model_cautions
from core.commands.findings_words import (
    effect_json,
    effect_words,
    findings_json,
    findings_words,
    label_words,
    labels_json,
    window_words,
)
from core.commands.opening import add_log_arguments, open_log
from core.commands.plan_words import plan_json, plan_lines
from core.commands.result import Result
from core.commands.sorting import add_sorting_arguments, measured_on_labels, sort_queries
from core.commands.tier_settings import add_tier_arguments, settings_from
from core.complexity.classifier import Classifier, load_classifier
from core.economics.log_claims import log_claims
from core.economics.outlook import Outlook
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.frozen.freeze import freeze, uncertainty_of
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.findings import findings, usual_check
from core.routing.frontier import best_within, cheapest, frontier, with_choice
from core.routing.plan import Plan
from core.routing.rule_effects import rule_effects
from core.routing.traffic import Traffic, traffic_of
from core.workload.grains import basis_cautions, need_requests
from core.workload.learning import known_names
from core.workload.notes import Notes, StandIn, resolve_names
from core.workload.routing_rules import rule_from
from core.workload.workload import Workload


def add_arguments(parser: ArgumentParser) -> None:
    """The log, the models, and what to aim for."""
    add_log_arguments(parser)
    add_sorting_arguments(parser)
    for tier in ("simple", "medium", "complex"):
        parser.add_argument(f"--{tier}", metavar="MODEL", help=f"model of the {tier} tier")
    parser.add_argument(
        "--strategy",
        choices=["route", "cascade"],
        default="route",
        help="route: classify, then call one model; cascade: try the simple model, check its "
        "answer, escalate",
    )
    parser.add_argument(
        "--check", metavar="MODEL", help="who checks answers in a cascade (the medium model)"
    )
    add_tier_arguments(parser)
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="'TEST VALUE => ACTION TIER'",
        help="a rule on top, tried in order: 'contains refund, invoice => floor medium', 'segment "
        "chat => force simple', 'customer acme => force complex', 'tools search => floor medium', "
        "'matches \\bSQL\\b => floor complex', 'input_tokens 8000 => floor "
        "medium', 'language => force complex' (again for each)",
    )
    aim = parser.add_mutually_exclusive_group()
    aim.add_argument(
        "--min-quality",
        type=float,
        metavar="Q",
        help="cheapest plan that keeps this share of today's quality, such as 0.98",
    )
    aim.add_argument(
        "--max-monthly-usd", type=float, metavar="X", help="best quality for this much a month"
    )
    parser.add_argument(
        "--stands-for",
        action="append",
        default=[],
        metavar="LOGGED=MODEL",
        help="what an unknown model name in the log stands for; '*' for all unknown names",
    )
    parser.add_argument("--save", metavar="NAME", help="keep the plan under this name")
    parser.add_argument("--author", default="command line", help="who made it, for --save")


def run(arguments: Namespace) -> Result:
    """The plan with its cost, saving and quality, and the controls beside it."""
    classifier, catalogue = load_classifier().on(arguments.by), load_catalogue()
    with open_log(arguments) as opened:
        need_requests(opened.log)
        rules = tuple(rule_from(words) for words in arguments.rule)
        ready = sort_queries(opened, classifier, arguments.calibration, rules)
        workload, learned = ready.workload, ready.placing.learned
        classifier = classifier.on(workload.basis).informed(learned.level_sd if learned else None)
        source = opened.log.source
        said = _stand_ins(arguments.stands_for, workload, catalogue, source)
        names, measured = known_names(workload, learned, catalogue, said, source)
        catalogue = catalogue.with_models(*measured.values())
        wanted = _models(arguments, catalogue)
        traffic = traffic_of(workload, names, windows=wanted.windows)
        if not traffic.streams:
            raise BadInput(
                f"no price is known for its models ({', '.join(traffic.left_out_models[:3])}, ...)",
                where=opened.log.name,
                remedy="Say what they stand for: --stands-for '*=gpt-4o-mini'",
            )
        plan = _design(traffic, wanted, classifier, arguments)
        plan = replace(_with_strategy(plan, catalogue, arguments), rules=rules)
        document = freeze(
            author=arguments.author,
            now=datetime.now(UTC),
            log=opened.log,
            workload=workload,
            classifier=classifier,
            names=names,
            prices_as_of=catalogue.as_of,
            plan=plan,
            assumptions=Assumptions(),
            growth=Outlook(),
            learned=learned,
        )
        labels = (
            measured_on_labels(
                opened,
                ready.scores,
                ready.placing,
                arguments.calibration,
                plan,
                document.uncertainty,
            )
            if arguments.calibration
            else None
        )
    plan_id = _save(arguments.save, document) if arguments.save is not None else None
    warnings = [*basis_cautions(classifier, workload.basis), *window_words(workload, plan)]
    today = document.created_at.date()
    used = {model.id: model for model in plan.models.values()}.values()
    cautions = [words for model in used for words in model_cautions(model, today)]
    figures = document.figures
    beside = findings(traffic, plan, figures.outcome, figures.controls, document.uncertainty)
    effects = rule_effects(workload, names, plan, document.uncertainty)
    claims = log_claims(traffic, plan, figures.outcome)
    found = plan_json(document, plan_id) | findings_json(plan, beside, claims)
    found["rules"] = [effect_json(effect) for effect in effects]
    found["on_labels"] = labels_json(labels)
    found |= {"basis": workload.basis, "warnings": list(warnings), "cautions": list(cautions)}
    lines = plan_lines(document, traffic, workload.basis)
    lines += [effect_words(effect) for effect in effects]
    lines += label_words(labels) if labels else []
    lines += [*findings_words(plan, figures.outcome, beside, claims), *warnings, *cautions]
    return Result(found, (*lines, *([f"Saved as {plan_id}."] if plan_id else [])))


def _stand_ins(said: list[str], workload: Workload, catalogue: Catalogue, source: str) -> Notes:
    found: dict[str, StandIn] = {}
    for words in said:
        logged, equals, model_id = words.partition("=")
        if not (logged and equals and model_id):
            raise BadInput(f"'{words}'", where="--stands-for", remedy="Write LOGGED=MODEL")
        if logged != "*" and logged not in workload.models:
            raise BadInput(
                f"no model '{logged}' in this log",
                where="--stands-for",
                remedy=f"It has {', '.join(workload.models[:5])}",
            )
        known = resolve_names(workload.models, catalogue, Notes(), source)
        names = [n for n, m in known.items() if m is None] if logged == "*" else [logged]
        stands_for = StandIn(catalogue.get(model_id).id)
        found |= {name: stands_for for name in names if logged != "*" or name not in found}
    return Notes(stand_ins=found)


def _models(arguments: Namespace, catalogue: Catalogue) -> Plan:
    usual = catalogue.default_tiers
    return Plan(
        simple=catalogue.get(arguments.simple or usual.simple),
        medium=catalogue.get(arguments.medium or usual.medium),
        complex=catalogue.get(arguments.complex or usual.complex),
        settings=settings_from(arguments.tier, catalogue),
    )


def _with_strategy(plan: Plan, catalogue: Catalogue, arguments: Namespace) -> Plan:
    if arguments.strategy == "route":
        if arguments.check is not None:
            raise BadInput(
                "only a cascade checks answers", where="--check", remedy="Add --strategy cascade"
            )
        return plan
    if arguments.min_quality is not None or arguments.max_monthly_usd is not None:
        raise BadInput(
            "a cascade has no tolerances to search over",
            where="--strategy cascade",
            remedy="Leave out --min-quality and --max-monthly-usd",
        )
    judge = Check(catalogue.get(arguments.check)) if arguments.check else usual_check(plan)
    return replace(plan, check=judge)


def _design(traffic: Traffic, plan: Plan, classifier: Classifier, arguments: Namespace) -> Plan:
    if arguments.min_quality is None and arguments.max_monthly_usd is None:
        return plan
    best = frontier(traffic, plan, uncertainty_of(classifier))
    if arguments.max_monthly_usd is not None:
        return with_choice(plan, best_within(best, arguments.max_monthly_usd))
    if not 0 < arguments.min_quality <= 2:
        raise BadInput(
            f"{arguments.min_quality:g}",
            where="--min-quality",
            remedy="Give a share of today's quality, such as 0.98",
        )
    return with_choice(plan, cheapest(best, arguments.min_quality))


def _save(name: str, document: PlanDocument) -> str:
    # The store is imported only to save: planning alone needs no database.
    from core.store.access import the_person_here
    from core.store.engine import open_engine
    from core.store.saving import save_document

    engine = open_engine()
    try:
        actor = the_person_here(document.author)
        return save_document(engine, actor, document, name=name).plan_id
    finally:
        engine.dispose()
