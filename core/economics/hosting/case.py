"""The inputs of hosting a model oneself; `self_host_defaults` says where defaults come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from core.economics.bounds import TRILLION, Bound
from core.economics.hosting import defaults
from core.errors import BadInput

WHERE: Final = "self-hosting"

BOUNDS: Final[Mapping[str, Bound]] = {
    "output_tokens_per_query": Bound(
        "number", 0.1, 1e7, "a number of tokens from 0.1 to 10,000,000"
    ),
    "gpu_usd_per_hour": Bound(
        "number",
        0.001,
        10_000,
        "USD per GPU and hour from 0.001 to 10,000; for GPUs of your own, what they lose in value "
        "and the power they draw",
    ),
    "gpus_per_replica": Bound("whole", 1, 64, "a whole number of GPUs from 1 to 64"),
    "output_tokens_per_second": Bound(
        "number", 0.1, 1e7, "tokens a second from 0.1 to 10,000,000, of one replica"
    ),
    "busy_at_most": Bound(
        "number", 0.01, 1, "a share from 0.01 to 1 (0.6 means 60% of what a replica can do)"
    ),
    "peak_to_average": Bound(
        "number", 1, 1_000, "the busiest hour over the average one, from 1 to 1,000"
    ),
    "fewest_replicas": Bound("whole", 1, 10_000, "a whole number of replicas from 1 to 10,000"),
    "spare_replicas": Bound("whole", 0, 10_000, "a whole number of replicas from 0 to 10,000"),
    "overhead_share": Bound("number", 0, 2, "a share of the rent from 0 to 2 (0.15 means 15%)"),
    "engineers": Bound(
        "number", 0, 1_000, "a number of people from 0 to 1,000 (0.25 is a quarter)"
    ),
    "engineer_usd_per_year": Bound("number", 0, 1e7, "USD a year from 0 to 10,000,000"),
    "hours_per_month": Bound("number", 1, 730, "hours a month from 1 to 730 (around the clock)"),
}
VOLUME: Final = Bound("number", 0, TRILLION, "a number of queries a month, 0 or more")
PRICE: Final = Bound("number", 0, 1e6, "USD per query, 0 or more")


@dataclass(frozen=True, kw_only=True)
class SelfHostCase:
    """A model on rented GPUs: what a replica costs, what it carries, and who looks after it.

    How busy replicas are is not among the inputs: it follows from traffic. `busy_at_most` is
    what the busiest hour may take of a replica's throughput, the answers still being in time.
    All queries come in the `hours_per_month` that the GPUs are rented for. Raises BadInput
    naming the field, the value and what would be valid.
    """

    output_tokens_per_query: float
    gpu_usd_per_hour: float = defaults.GPU_USD_PER_HOUR
    gpus_per_replica: int = defaults.GPUS_PER_REPLICA
    # of one replica, at the latency wanted, for this mix of input and output
    output_tokens_per_second: float = defaults.OUTPUT_TOKENS_PER_SECOND
    busy_at_most: float = defaults.BUSY_AT_MOST
    peak_to_average: float = defaults.PEAK_TO_AVERAGE
    fewest_replicas: int = defaults.FEWEST_REPLICAS
    spare_replicas: int = defaults.SPARE_REPLICAS  # on top of what traffic needs
    overhead_share: float = defaults.OVERHEAD_SHARE  # storage, egress and support, of the rent
    engineers: float = defaults.ENGINEERS
    engineer_usd_per_year: float = defaults.ENGINEER_USD_PER_YEAR
    hours_per_month: float = defaults.HOURS_PER_MONTH

    def __post_init__(self) -> None:
        for field in fields(self):
            check_input(field.name, getattr(self, field.name))

    @property
    def tokens_per_replica(self) -> float:
        """Output tokens a month that a replica would write if it were never idle."""
        return self.output_tokens_per_second * 3600.0 * self.hours_per_month

    @property
    def queries_per_replica(self) -> float:
        """Queries a month that a replica carries so that its busiest hour still fits."""
        held_back = self.busy_at_most / self.peak_to_average
        return self.tokens_per_replica / self.output_tokens_per_query * held_back

    @property
    def gpu_usd_per_replica(self) -> float:
        """A replica's rent, USD a month, without overhead."""
        return self.gpus_per_replica * self.gpu_usd_per_hour * self.hours_per_month

    @property
    def usd_per_replica(self) -> float:
        """What one more replica costs, USD a month: rent and overhead."""
        return self.gpu_usd_per_replica * (1.0 + self.overhead_share)

    @property
    def people_usd(self) -> float:
        """USD a month for the people who look after it, however many replicas there are."""
        return self.engineers * self.engineer_usd_per_year / 12.0


def check_input(name: str, value: float) -> None:
    """Raises BadInput when that field of a SelfHostCase cannot be `value`."""
    bound = BOUNDS[name]
    bound.check(name, value, WHERE)
    if bound.shape == "whole" and value != int(value):
        raise BadInput(f"'{name}' is {value:g}", where=WHERE, remedy=f"Use {bound.says}")
