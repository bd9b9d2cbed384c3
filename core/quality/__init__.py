"""Evidence: a plan's models asked the team's own queries, judged, and brought back as outcomes.

`sample.py`     which queries to replay, with weights so that they speak for the whole log
`replay.py`     what a replay is: models, judge, queries, cap; kept beside the log
`requests.py`   the messages that are sent, to models and to the judge
`checks.py`     what needs no judge: equal answers, JSON, numbers, a pattern
`verdict.py`    what a judge said, and whether it holds in both orders
`estimate.py`   what a replay will cost, before anything is sent
`budget.py`     the cap that cannot be passed; `journal.py` what was sent and came back
`endpoint.py`   an OpenAI-compatible server; `caller.py` one call, with retries
`run.py`        the replay itself: concurrent, resumable
`results.py`    scores as outcomes, and quality by tier with intervals
`people.py`     what people said of answers, side by side and blind
`prepare.py`    from a plan and its log to a replay that can be confirmed
`categories.py` a model asked for the category of a sample: a hint, no proof
`stopping.py`   when a replay may end early; `prompts.py` the texts it sends
`observed.py`   what users say of each tier, by segment and week; `intervals.py` Wilson's
`promise.py`    what a saved plan promised; `suggestions.py` rules that ratings ask for
`rule_price.py` what such a rule would cost; `drift.py` how far traffic has moved
`actual.py`     projected against actual, step by step
`judge_error.py` the judge's own error, from answers that people judged
"""
