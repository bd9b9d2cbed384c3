"""The workload: scored queries, summed up so small that a plan's arithmetic is instant.

`grid.py`      levers and bins of difficulty: the places that queries are summed on
`workload.py`  the summary itself: cells, lengths, examples, period; `merge`
`turns.py`     turns of conversations, for the caches that a change of model loses
`latencies.py` how long calls took, in bins that add up
`windows.py`   requests too long for a tier's model go to one that can hold them
`routing_rules.py` rules on top of a plan, and which queries they fit
`reader.py`    what is read in queries, and by what
`scores.py`    what was read in each query, kept beside the log
`placing.py`   where each query belongs: as read, or as a person or own outcomes say
`summing.py`   runs of queries summed up, and joined in their order
`build.py`     from a log to its workload, by processes of their own where it is long
`partitioned.py` the same without a local copy, partition by partition, wherever they are worked on
`dask_engine.py` a Dask cluster that works on them
`sorted_file.py`  the sorted queries as a file, one row per query
`outcomes.py`  outcomes of a team's own traffic, brought to its log
`seen.py`      what is seen of every query before any outcome
`learning.py`  what outcomes, corrections and feedback teach about a log
`standing.py`  who gains from a stronger model, segment by segment
`labelling.py` which queries to get outcomes for next, and what they are worth
`labelled.py`  queries with outcomes: where each belongs, and how each model did
`paired.py`    queries that two models both answered, to measure on
`tiers.py`     how a workload falls into tiers
`browse.py`    single queries to look at
`notes.py`     what a person said about a log
`sizes.py`     how large requests are beside the usual ones of their log, for logs without text
`grains.py`    what can be done with a log of each grain, in words
`aggregate.py` spend and volume by model and by month, for logs that are summaries
`spend.py`     what the logged traffic costs today, logged or priced from the catalogue
`pricing.py`   what each logged call costs at list prices, as it would have been billed
`bill.py`      what a log comes to, month by month
`reconcile.py` the month's invoice beside the log
`causes.py`    what usually lies between the two, in words and figures
"""
