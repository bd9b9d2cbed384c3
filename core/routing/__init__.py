"""Routing: a plan, and what it would do to a workload.

`plan.py`      three tiers, each with a model, and the two tolerances that sort queries
`traffic.py`   a workload seen by difficulty: what each bin costs today and on another model
`simulate.py`  what a plan would cost and how good it would be, with ranges
`frontier.py`  the best plan for a wanted quality or a budget
`controls.py`  what anybody gets without a classifier: one model, a fixed split, prompt length
"""
