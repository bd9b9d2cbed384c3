"""How hard a query is, and which tier it therefore takes: text in, difficulty out.

Scoring (numpy and pyarrow only):

`scale.py`       one scale for queries and models: the chance of an acceptable answer
`words.py`       words of a text, and how many are everyday words
`features.py`    text -> nine counts
`unlike.py`      which texts are unlike those learned from
`reading.py`     counts -> difficulty, a weighted sum
`rough.py`       sizes of requests -> difficulty, for logs without text
`classifier.py`  the trained formulas with their provenance, as JSON
`category.py`    difficulty -> tier: two cut points
`sorting.py`     the usual category, by the reference abilities
`explain.py`     why a query looks hard, in words
`baselines.py`   scores to compare with: random, length, a keyword heuristic

Training and measuring (scikit-learn, scipy, pandas):

`outcomes.py`    outcome files -> arrays
`irt.py`         outcomes -> difficulties of questions, abilities of models
`train.py`       outcomes -> classifier
`rough_fit.py`   outcomes -> the formula for sizes
`reference.py`   the abilities of today's three tiers: a judgement
`ladder.py`      which models stand for the cheap and the strong side
`metrics.py`     APGR, CPT, AUC, calibration
`evaluate.py`    figures on left-out data sets and on the benchmark, with controls
`card.py`        the figures as a model card; `rough_card.py` its part on logs without text
`release.py`     classifier, abilities and card as files
"""
