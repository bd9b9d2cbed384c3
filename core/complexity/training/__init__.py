"""From files of outcomes to a classifier, measured (scikit-learn, scipy, pandas).

`outcomes.py`    outcome files -> arrays
`irt.py`         outcomes -> difficulties of questions, abilities of models
`train.py`       outcomes -> classifier
`rough_fit.py`   outcomes -> the formula for sizes
`reference.py`   the abilities of today's three tiers: a judgement
`ladder.py`      which models stand for the cheap, the mid and the strong side
`three_tiers.py` lift over a fixed split of three tiers, queries sent too low and too high
`unseen.py`      models never measured, from fifty of their answers
`own_traffic.py` public sets taken for a team's log: what its outcomes are worth
`evaluate.py`    all that on left-out data sets and on the benchmark
`card.py`        the figures as a model card; `rough_card.py` its part on logs without text
`tried.py`       what was tried and left
`summary.py`     the figures that screens show
`release.py`     classifier, abilities, figures and card as files
"""
