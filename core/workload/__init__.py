"""The workload: scored queries, summed up so small that a plan's arithmetic is instant.

`workload.py`  the summary itself: cells, lengths, examples, period; `merge`
`build.py`     from a log's Parquet file to its scores and its workload, in chunks
`spend.py`     what the logged traffic costs today, logged or priced from the catalogue
"""
