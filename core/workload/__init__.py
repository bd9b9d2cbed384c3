"""The workload: scored queries, summed up so small that a plan's arithmetic is instant.

`grid.py`      levers and bins of difficulty: the places that queries are summed on
`workload.py`  the summary itself: cells, lengths, examples, period; `merge`
`build.py`     from a log's Parquet file to its scores and its workload, in chunks
`sizes.py`     how large requests are beside the usual ones of their log, for logs without text
`grains.py`    what can be done with a log of each grain, in words
`aggregate.py` spend and volume by model and by month, for logs that are summaries
`spend.py`     what the logged traffic costs today, logged or priced from the catalogue
`pricing.py`   what each logged call costs at list prices, as it would have been billed
`bill.py`      what a log comes to, month by month
`reconcile.py` the month's invoice beside the log
`causes.py`    what usually lies between the two, in words and figures
"""
