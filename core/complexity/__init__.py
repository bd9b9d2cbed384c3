"""How hard a query is, and which tier it therefore takes: text in, difficulty out.

Scoring (numpy and pyarrow only):

`scale.py`       one scale for queries and models: the chance of an acceptable answer
`words.py`       words of a text, and how many are everyday words
`features.py`    text -> nine counts
`unlike.py`      which texts are unlike those learned from
`reading.py`     counts -> difficulty, a weighted sum
`rough.py`       sizes of requests -> difficulty, for logs without text
`rules.py`       length or keywords -> difficulty, for who prefers a simple rule
`classifier.py`  the trained formulas with their provenance, as JSON
`category.py`    difficulty -> tier: two cut points
`sorting.py`     the usual category, by the reference abilities
`explain.py`     why a query looks hard, in words
`baselines.py`   scores to compare with: random, length, a keyword heuristic

Learning from a log's own outcomes (numpy; scikit-learn for clusters):

`clusters.py`    segments of a log that names none, and topics inside them
`pooling.py`     outcomes -> what they teach, by partial pooling
`learned.py`     what was taught: where each query moves, and who gains in a segment

Measuring (numpy):

`metrics.py`     APGR, CPT, AUC, calibration
`comparison.py`  one order for routing beside the controls
`own_report.py`  what a log's own outcomes are worth
`figures.py`     the figures of a release that screens show

`training/`      from outcome files to a release
"""
