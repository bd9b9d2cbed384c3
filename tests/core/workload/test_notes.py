from dataclasses import replace
from pathlib import Path

import pytest

from core.catalog.catalogue import Catalogue, load_catalogue
from core.errors import BadInput
from core.logs.ingest import ingest
from core.logs.preview import preview
from core.workload.notes import (
    Notes,
    StandIn,
    model_counts,
    read_notes,
    resolve_names,
    write_notes,
)
from core.workload.workload import UNNAMED

from .conftest import NOON


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_a_log_without_notes_has_empty_ones(tmp_path: Path) -> None:
    assert read_notes(tmp_path) == Notes()


def test_notes_come_back_as_written(tmp_path: Path) -> None:
    notes = Notes(
        stand_ins={"Größe-1": StandIn("gpt-4o"), "b": StandIn("gpt-4o-mini", 1.5, 2.5)},
        corrections={"q1": "complex", "q\n2": "simple"},
        monthly_queries=1_000_000.0,
        invoice_usd=1234.56,
        row_means="task",
    )
    write_notes(tmp_path, Notes())
    write_notes(tmp_path, notes)
    assert read_notes(tmp_path) == notes
    assert [p.name for p in tmp_path.iterdir()] == ["notes.json"]


def test_notes_from_before_volumes_could_be_stated_still_open(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"stand_ins": {}, "corrections": {"q": "medium"}}')
    assert read_notes(tmp_path) == Notes(corrections={"q": "medium"})


def test_an_answer_that_nobody_knows_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text(
        '{"stand_ins": {}, "corrections": {}, "invoice_usd": 7.5, "row_means": "session"}'
    )
    assert read_notes(tmp_path) == Notes(invoice_usd=7.5)


def test_the_digest_names_the_corrections_and_nothing_else() -> None:
    one = Notes(corrections={"a": "simple", "b": "complex"})
    turned = Notes(corrections={"b": "complex", "a": "simple"}, monthly_queries=5.0)
    assert one.placing_digest == turned.placing_digest
    assert one.placing_digest != Notes(corrections={"a": "complex"}).placing_digest
    assert Notes(stand_ins={"x": StandIn("gpt-4o")}).placing_digest == "none"


def test_names_are_read_by_the_catalogue_unless_a_person_said_otherwise(
    catalogue: Catalogue,
) -> None:
    notes = Notes(stand_ins={"our-bot": StandIn("gpt-4o"), "gpt-4o": StandIn("gpt-4o-mini")})
    found = resolve_names(["our-bot", "gpt-4o", "gpt-4.1", "no such thing"], catalogue, notes)
    assert found == {
        "our-bot": catalogue.get("gpt-4o"),
        "gpt-4o": catalogue.get("gpt-4o-mini"),
        "gpt-4.1": catalogue.get("gpt-4.1"),
        "no such thing": None,
    }


def test_the_source_of_a_log_helps_to_read_its_names(catalogue: Catalogue) -> None:
    assert resolve_names(["ChatGPT"], catalogue, Notes()) == {"ChatGPT": None}
    traced = resolve_names(["ChatGPT"], catalogue, Notes(), "burstgpt")
    assert traced == {"ChatGPT": catalogue.get("gpt-3.5-turbo")}
    said = Notes(stand_ins={"ChatGPT": StandIn("gpt-4o")})
    assert resolve_names(["ChatGPT"], catalogue, said, "burstgpt")["ChatGPT"] == catalogue.get(
        "gpt-4o"
    )


def test_a_price_that_a_person_states_makes_a_model_of_its_own(catalogue: Catalogue) -> None:
    notes = Notes(stand_ins={"our-bot": StandIn("gpt-4o", 3.0, 7.0)})
    model = resolve_names(["our-bot"], catalogue, notes)["our-bot"]
    base = catalogue.get("gpt-4o")
    assert model is not None and model.price is not None
    # 1,000 in (all cached: no discount is known) and 1,000 out
    assert model.price.cost_usd(1_000, 1_000, 1_000) == pytest.approx(0.010)
    assert model.price.as_of == catalogue.as_of and "you said" in model.price.source
    assert (model.id, model.name) == ("gpt-4o (our-bot)", "our-bot")
    assert replace(model, id=base.id, name=base.name, price=base.price) == base


def test_half_a_price_is_no_price(catalogue: Catalogue) -> None:
    notes = Notes(stand_ins={"our-bot": StandIn("gpt-4o", 3.0)})
    assert resolve_names(["our-bot"], catalogue, notes)["our-bot"] == catalogue.get("gpt-4o")


def test_standing_in_for_an_unknown_model_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="no model 'gpt-nope'"):
        resolve_names(["x"], catalogue, Notes(stand_ins={"x": StandIn("gpt-nope")}))


def test_queries_without_a_model_are_counted_by_a_name_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("prompt,model\nhello there,gpt-4o\nhow are you,\nand now,gpt-4o\n")
    log = ingest(path, preview(path, "log.csv").mapping, tmp_path / "logs", name="l", now=NOON)
    assert model_counts(log) == {"gpt-4o": 2, UNNAMED: 1}
    assert model_counts(replace(log, models={"gpt-4o": 3})) == {"gpt-4o": 3}
