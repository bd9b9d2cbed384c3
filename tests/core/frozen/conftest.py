from datetime import UTC, datetime

from core.economics.outlook import Outlook
from core.frozen.document import PlanDocument
from core.frozen.freeze import freeze
from core.logs.log import Log
from core.logs.mapping import Mapping
from core.routing.assumptions import Assumptions
from core.routing.plan import Plan
from core.workload.workload import Workload

from ..workload.conftest import PRICED_ON, make_classifier, make_model, make_workload, row

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

BIG = make_model("big", 2.5, 10.0, cached=1.25, ability=4.0, sd=0.7)
SMALL = make_model("small", 0.15, 0.6, cached=0.075, ability=1.0, sd=0.9)
PLAN = Plan(SMALL, BIG, BIG)
SECRET = "zebra quagmire xylophone"


def made_log(**values: object) -> Log:
    """What is known of a log; a plan keeps its name and its source."""
    usual: dict[str, object] = dict.fromkeys(Log.__dataclass_fields__, 0)
    usual |= {"digest": "0" * 16, "name": "support.csv", "source": "generic", "mapping": Mapping()}
    return Log(**usual | values)  # type: ignore[arg-type]


def made_workload() -> Workload:
    """Six queries of two known models and one of a model that nobody knows."""
    difficulty = [-6.0, -4.0, -2.0, 0.0, 1.0, 2.0, 0.0]
    rows = [
        row(
            f"q{i}",
            model="unknown" if i == 6 else ("big", "small")[i % 2],
            text=f"{SECRET} {i}",
            cache_read_tokens=100 * i,
            cost_usd=0.01 / 3 if i < 2 else None,
            output_estimated=i == 5,
        )
        for i in range(7)
    ]
    return make_workload(rows, difficulty)


def frozen(**values: object) -> PlanDocument:
    """A document of PLAN on `made_workload`, with other values where given."""
    usual: dict[str, object] = {
        "author": "Ada",
        "now": NOON,
        "log": made_log(),
        "workload": made_workload(),
        "classifier": make_classifier(),
        "names": {"big": BIG, "small": SMALL, "unknown": None},
        "prices_as_of": PRICED_ON,
        "plan": PLAN,
        "assumptions": Assumptions(),
        "growth": Outlook(),
    }
    return freeze(**usual | values)  # type: ignore[arg-type]
