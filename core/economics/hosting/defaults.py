"""What hosting a model assumes until someone knows better, and where each figure is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.provenance import Provenance

GPU_USD_PER_HOUR: Final = 3.99
GPUS_PER_REPLICA: Final = 1
OUTPUT_TOKENS_PER_SECOND: Final = 1_700.0
BUSY_AT_MOST: Final = 0.6
PEAK_TO_AVERAGE: Final = 3.0
FEWEST_REPLICAS: Final = 2
SPARE_REPLICAS: Final = 0
OVERHEAD_SHARE: Final = 0.15
ENGINEERS: Final = 0.25
ENGINEER_USD_PER_YEAR: Final = 200_000.0
HOURS_PER_MONTH: Final = 730.0

PROVENANCE: Final[Mapping[str, Provenance]] = {
    "gpu_usd_per_hour": Provenance(
        "quoted",
        "H100 SXM on demand at RunPod Secure, 2026-11-09; the same chip is $2.40 to $12.29 "
        "elsewhere, and rents have been rising",
    ),
    "gpus_per_replica": Provenance(
        "judgement", "a model of 8 billion parameters fits on one H100; 70 billion in FP8 take two"
    ),
    "output_tokens_per_second": Provenance(
        "judgement",
        "half of the 3,400 that a saturated H100 wrote with Llama 3.1 8B FP8 (Lambda, vLLM 0.5.4, "
        "2024-09), since a replica at its limit answers too late; measure yours",
    ),
    "busy_at_most": Provenance(
        "judgement", "queues grow fast above it (2026-11); the busiest hour is planned at this"
    ),
    "peak_to_average": Provenance(
        "judgement", "office hours against a whole month (2026-11); take it from your own log"
    ),
    "fewest_replicas": Provenance("judgement", "so that one can fail (2026-11)"),
    "spare_replicas": Provenance(
        "judgement", "none beyond the fewest (2026-11); they are paid and carry no traffic"
    ),
    "overhead_share": Provenance(
        "judgement",
        "storage, egress and support at a GPU cloud (2026-11); 30% to 50% is said of the large "
        "clouds",
    ),
    "engineers": Provenance(
        "judgement", "a quarter of an engineer for upkeep and being on call (2026-11)"
    ),
    "engineer_usd_per_year": Provenance(
        "judgement", "$200K a year, with all that an employer pays (2026-11)"
    ),
    "hours_per_month": Provenance("judgement", "around the clock: 8,760 hours a year over 12"),
}
