"""The columns of Langfuse's exports that are no scores: of all shapes, and of all years."""

from __future__ import annotations

import re
from typing import Final

_CAMEL: Final = """
id traceId parentObservationId projectId externalId type environment name level version release
statusMessage startTime endTime completionStartTime createdAt updatedAt timestamp
input output metadata comments tags bookmarked public isRootObservation userId sessionId htmlPath
model modelId internalModelId providedModelName modelParameters promptId promptName promptVersion
latency latencyMs timeToFirstToken timeToFirstTokenMs
usage unit usageDetails providedUsageDetails inputUsage outputUsage totalUsage
promptTokens completionTokens totalTokens inputTokens outputTokens
costDetails providedCostDetails inputCost outputCost totalCost inputPrice outputPrice totalPrice
calculatedInputCost calculatedOutputCost calculatedTotalCost
usagePricingTierId usagePricingTierName
toolDefinitions toolCalls toolCallNames toolDefinitionsCount toolCallsCount
traceName traceTags traceTimestamp
scores observations observationCount errorCount warningCount defaultCount debugCount
"""
_SNAKE: Final = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", _CAMEL)

KNOWN_COLUMNS: Final = frozenset([*_CAMEL.split(), *_SNAKE.split()])
