"""Routing: a plan, and what it would do to a workload.

`plan.py`       three tiers, each with a model, and the two tolerances that sort queries
`settings.py`   how a tier calls its model: fallback, effort, retries, cache, output
`traffic.py`    a workload seen by place, as it is answered and paid for today
`tier_costs.py` what each tier of a plan would cost at every place
`warmth.py`     how much of a provider's cache conversations keep under a plan
`simulate.py`   what a plan would cost and how good it would be, with ranges
`futures.py`    the futures that ranges are drawn from; `assumptions.py` what is not known
`frontier.py`   the best plan for a wanted quality or a budget, over all tolerances
`optimum.py`    the best that any rule could do on what is read
`check.py`      a judge of answers; `cascade.py` try cheap, check, escalate
`strategies.py` route or cascade on the same traffic
`controls.py`   what anybody gets without a classifier: one model, a fixed split, prompt length
`on_labels.py`  the plan on its own labelled queries, beside an oracle
`answer_times.py` how long answers took in the log; `waiting.py` how long under a plan
`metrics.py`    figures of merit of papers and leaderboards
`misrouting.py` queries sent too low and too high, and how many mistakes a saving survives
`rule_effects.py` what each rule on top moves, and what that costs
`findings.py`   all that beside a plan
"""
