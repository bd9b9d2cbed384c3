"""Logs of millions of prompts of about 460 characters, made anew from a seed."""

from __future__ import annotations

import csv
import functools
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.workers import in_processes

PROMPT_CHARS: Final = 460

# fmt: off
_NOUNS: Final = """
account address agreement allowance analysis appointment archive article assistant attachment
audit backup balance bank battery benefit bicycle board boiler booking box branch bridge budget
building cable calendar camera campaign candidate case catalogue chapter chart child city claim
client clinic code colleague colour column committee company complaint computer concert contract
conversation copy course court cover customer dashboard database deadline decision delivery
department deposit desk detail device diagram dinner discount doctor document dose draft driver
election email employee engine essay estimate event example exercise expense experiment export
factory family feature fee festival field file finger flight floor folder form formula function
garden gift goal graph grocery guarantee guest guide harbour heating history holiday hospital
hotel house idea image income index insurance interest interview inventory invoice island item
jacket job journey judge kitchen laboratory landlord language laptop lawyer layer leaflet lease
lecture lesson letter library licence light limit list loan lock lunch machine manager manual
map margin market material meaning meeting member memory menu message meter method mirror
mistake model module money month morning mortgage museum music neighbour network newsletter note
notice number nurse object office opinion order organisation outline oven owner package page
painting paragraph parcel parent park part partner password patient pattern payment pension
permission person phone photo phrase picture plan plant plate platform player poem policy
portfolio position poster pressure price printer prize problem process product professor profile
program project promise proof proposal protein question queue rain reader reason receipt recipe
record reference refund region relation remark rent repair reply report request research
reservation restaurant result return review river road roof room route routine rule salary
sample scene schedule school science screen script season secret section seminar sentence server
service session shelf shipment shoe shop signal signature sister size software solution song
sound speaker speech spreadsheet staff stage station story street student subject subscription
suggestion summary supplier supply survey switch symptom system table tablet target task tax
teacher team temperature template tenant test theatre theory ticket title token tool topic tour
town traffic train transaction translation treatment trip tutor update upgrade user vaccine
value vehicle vendor version video village visa visit voice volume voucher wall warehouse
warranty water weather website week weekend wheel window winter witness word worker workshop
yard year
""".split()  # noqa: SIM905
_VERBS: Final = """
accept add answer apply approve arrange ask attach book bring build buy calculate call cancel
change charge check choose clean close collect combine compare complete confirm connect consider
convert correct count create cut decide deliver describe design draw edit end estimate examine
expect explain extend fill find finish fix follow forget give grow guess handle help improve
include inform install invite join keep label learn leave list look lose make measure mention
merge miss move need note offer open order organise pack paint pay plan prepare present print
promise prove provide publish put read receive recommend reduce refuse remember remove rename
repair repeat replace report return review rewrite save see sell send set share shorten show
sign simplify solve sort split start stop store suggest summarise support take teach tell test
thank think train translate treat try turn understand update use verify visit wait want warn
watch work write
""".split()  # noqa: SIM905
_ADJECTIVES: Final = """
annual available average basic better brief broken busy calm careful cheap clear cold common
complete correct current daily dark digital double early easy empty exact extra fair familiar
final fine fixed foreign formal free fresh full general gentle given global good great happy
hard heavy helpful high honest huge important internal late latest legal light likely limited
local long loose low main major medical minor missing modern monthly narrow natural new next
nice normal official old online open ordinary original overdue personal plain polite possible
practical previous private proper public quick quiet rare ready recent regular relevant rich
right rough round safe second separate serious several sharp short similar simple single slow
small smooth special spare steady strange strict strong sudden suitable technical thin tight
tiny typical unusual urgent useful usual valid warm weak weekly wide wrong young
""".split()  # noqa: SIM905
_LINKS: Final = """
about after and at because before but by for from if in of on or since so than that the then to
under until when where which while with without
""".split()  # noqa: SIM905
_FRAMES: Final = (
    "Please {v} the {a} {n} {l} the {n}, and {v} it before the {n}.",
    "I would like to {v} my {a} {n}; can you {v} the {n} {l} our {n}?",
    "How do I {v} a {n} when the {a} {n} does not {v} {l} the {n}?",
    "Our {n} wants the {n} to be {a}, {a} and {a}.",
    "What is the difference between a {a} {n} and a {n} {l} the {a} {n}?",
    "The {n} didn't {v} the {n} {l} {n}, so we {v} the {a} one.",
    "{V} the following {n} {l} one {a} {n}: the {n} may {v} {l} a {a} {n}.",
    "My {n} is {a}. It's the {a} {n} that I {v} {l} the {n}.",
    "Write a {a} {n} {l} the {n} (at most {d} words) that will {v} the {n}.",
    "We have {d} {n}s and {d} {n}s, but only {d} of them {v} the {a} {n}.",
    'They said "{v} the {a} {n}" {l} the {n}, yet the {n} is {a}.',
    "- {v} the {n}\n- {v} a {a} {n}\n- {v} {l} the {n}",
    "The total is ${d}.{d} {l} {d} {n}s; is that the {a} {n}?",
    "Is the {n} {a} enough to {v} the {n} {l} {n}?",
)
_RARE: Final = (
    "Write to {w}.{w}{d}@{w}-mail.example about it.",
    "My card is {c}, please {v} it.",
    "Call me at +44 20 7946 0{p} or (555) 014-{p}.",
    "Ma réponse: déjà vu à la {n} – “{w}” … 5 € s’il vous plaît.",
    "私の{n}を確認してください。",
    "The server 10.{b}.{b}.{b} does not answer.",
    "I use version {d}.{d}.{d} of the {n}; order 2026{p}{p} of 2026-10-05.",
    "See https://www.{w}.example/{n}/{d}?page={d} for the {n}.",
    "api_key = sk-{k}",
    "Pay GB82 WEST 1234 5698 7654 32 the {n}.",
)
_WEIGHTS: Final = (12, 3, 6, 8, 2, 3, 12, 10, 1, 1)
_RARE_SHARE: Final = 0.2  # of prompts; 4 % have an e-mail, 1 % a card, 2 % a telephone number
_CARDS: Final = ("4111 1111 1111 1111", "5500-0055-5555-5559", "378282246310005")
_MODELS: Final = ("gpt-5-mini", "gpt-5", "claude-sonnet-4-5", "gemini-2.5-flash")
_FEATURES: Final = ("support", "search", "drafts", "tutor", "reports", "onboarding")
# fmt: on
_USERS: Final = 5_000
_DAYS: Final = 28
_FIRST: Final = datetime(2026, 10, 1, tzinfo=UTC)
_SENTENCES: Final = 16  # a prompt has 4 to 12
SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("timestamp", pa.timestamp("ms", "UTC")),
        ("model", pa.string()),
        ("feature", pa.string()),
        ("user_id", pa.string()),
        ("prompt", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("cost_usd", pa.float64()),
        ("latency_ms", pa.int64()),
    ]
)


def write_log(path: Path, rows: int, seed: int = 7) -> None:
    """The same file for the same seed: CSV with quoted newlines, commas and quotation marks."""
    dice = random.Random(seed)
    common, rare = _sentences(dice)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SCHEMA.names)
        for row in range(rows):
            writer.writerow(_row(dice, row, common, rare))


def write_parquet(path: Path, rows: int, seed: int = 7, row_group_rows: int = 100_000) -> None:
    """The same file for the same arguments: Parquet with the columns of `write_log`.

    Its prompts are drawn like those of `write_log` and differ all over the file (two of ten
    million are the same once in many thousand seeds). Its rows are spread evenly over 28 days.
    Row groups are made in processes, and no more than a few are held at a time.
    """
    groups = [
        _Group(seed, start, min(row_group_rows, rows - start), rows)
        for start in range(0, rows, row_group_rows)
    ]
    with pq.ParquetWriter(path, SCHEMA, use_dictionary=["model", "feature", "user_id"]) as sink:
        for _, table in in_processes(_table, groups, stop=lambda: False, stopped=""):
            sink.write_table(table, row_group_size=row_group_rows)


@dataclass(frozen=True)
class _Group:
    seed: int
    start: int
    rows: int
    of: int


def _table(group: _Group) -> pa.Table:
    """The rows of a group, from dice of its own."""
    dice = np.random.default_rng([group.seed, group.start])
    rows, numbers = group.rows, np.arange(group.start, group.start + group.rows)

    def drawn(names: tuple[str, ...]) -> pa.Array:
        return pa.array(names).take((dice.random(rows) ** 2 * len(names)).astype(np.int64))

    models, features = drawn(_MODELS), drawn(_FEATURES)
    texts = _prompts(dice, group.seed, rows)
    read = pc.utf8_length(texts).to_numpy() // 4
    written = (dice.random(rows) ** 3 * 1_500).astype(np.int64) + 5
    times = int(_FIRST.timestamp() * 1_000) + numbers * (_DAYS * 86_400_000) // group.of
    columns = [
        _numbered("req_", numbers, 9),
        pa.array(times).cast(SCHEMA.field("timestamp").type),
        models,
        features,
        _numbered("u", dice.integers(0, _USERS, rows), 1),
        texts,
        read,
        written,
        np.round((read * 2.5 + written * 10) / 1e6, 6),
        (300 + 9 * written * dice.random(rows)).astype(np.int64),
    ]
    return pa.table(columns, schema=SCHEMA)


def _prompts(dice: np.random.Generator, seed: int, rows: int) -> pa.Array:
    """Sentences until there are enough characters, the first of them a rare one in some prompts."""
    sentences, lengths, common = _sentences_of(seed)
    drawn = dice.integers(0, common, (rows, _SENTENCES))
    rare = dice.random(rows) < _RARE_SHARE
    drawn[rare, 0] = dice.integers(common, len(sentences), int(rare.sum()))
    ends = np.cumsum(lengths[drawn] + 1, axis=1) - 1  # with the spaces between them
    used = np.zeros_like(drawn, dtype=bool)
    used[:, 0] = True
    used[:, 1:] = ends[:, :-1] < PROMPT_CHARS - 35
    offsets = np.concatenate([[0], np.cumsum(used.sum(axis=1))]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), sentences.take(pa.array(drawn[used])))
    return pc.binary_join(lists, " ")


@functools.cache
def _sentences_of(seed: int) -> tuple[pa.Array, npt.NDArray[np.int64], int]:
    """All sentences, how many characters they have, and how many of them are common ones."""
    common, rare = _sentences(random.Random(seed))
    sentences = pa.array([*common, *rare])
    return sentences, pc.utf8_length(sentences).to_numpy().astype(np.int64), len(common)


def _numbered(word: str, numbers: npt.NDArray[np.int64], digits: int) -> pa.Array:
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), digits, "0")
    return pc.binary_join_element_wise(word, padded, "")


def _sentences(dice: random.Random) -> tuple[list[str], list[str]]:
    """Common ones, and rare ones with what must be redacted, or other alphabets."""
    common = [_sentence(dice, dice.choice(_FRAMES)) for _ in range(40_000)]
    rare = [
        _sentence(dice, frame)
        for frame, weight in zip(_RARE, _WEIGHTS, strict=True)
        for _ in range(weight * 50)
    ]
    return common, rare


def _row(dice: random.Random, row: int, common: list[str], rare: list[str]) -> list[object]:
    text = rare[int(dice.random() * len(rare))] if dice.random() < _RARE_SHARE else ""
    while len(text) < PROMPT_CHARS - 35:
        text += (" " if text else "") + common[int(dice.random() * len(common))]
    output = int(dice.random() ** 3 * 1_500) + 5
    minute = row * 60 // 1_000
    return [
        f"req_{row:09d}",
        f"2026-10-{minute // 1440 % 28 + 1:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}"
        f":{row % 60:02d}.{row % 1000:03d}Z",
        _MODELS[int(dice.random() ** 2 * 4)],
        _FEATURES[int(dice.random() ** 2 * 6)],
        f"u{int(dice.random() * _USERS)}",
        text,
        len(text) // 4,
        output,
        f"{(len(text) // 4 * 2.5 + output * 10) / 1e6:.6f}",
        int(300 + 9 * output * dice.random()),
    ]


def _sentence(dice: random.Random, frame: str) -> str:
    text = frame
    draws = {
        "{n}": lambda: dice.choice(_NOUNS),
        "{v}": lambda: dice.choice(_VERBS),
        "{V}": lambda: dice.choice(_VERBS).capitalize(),
        "{a}": lambda: dice.choice(_ADJECTIVES),
        "{l}": lambda: dice.choice(_LINKS),
        "{w}": lambda: dice.choice(_NOUNS),
        "{d}": lambda: str(dice.randrange(2, 400)),
        "{p}": lambda: f"{dice.randrange(10_000):04d}",
        "{b}": lambda: str(dice.randrange(32, 255)),
        "{c}": lambda: dice.choice(_CARDS),
        "{k}": lambda: "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=32)),
    }
    for mark, draw in draws.items():
        while mark in text:
            text = text.replace(mark, draw(), 1)
    return text
