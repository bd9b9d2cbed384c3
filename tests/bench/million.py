"""A log of a million prompts of about 460 characters, made anew from a seed."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Final

PROMPT_CHARS: Final = 460
COLUMNS: Final = (
    "request_id",
    "timestamp",
    "model",
    "feature",
    "user_id",
    "prompt",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "latency_ms",
)

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


def write_log(path: Path, rows: int, seed: int = 7) -> None:
    """The same file for the same seed: CSV with quoted newlines, commas and quotation marks."""
    dice = random.Random(seed)
    common = [_sentence(dice, dice.choice(_FRAMES)) for _ in range(40_000)]
    rare = [
        _sentence(dice, frame)
        for frame, weight in zip(_RARE, _WEIGHTS, strict=True)
        for _ in range(weight * 50)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in range(rows):
            writer.writerow(_row(dice, row, common, rare))


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
        f"u{int(dice.random() * 5_000)}",
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
