"""One module per tool whose exports we know; each says how to tell it and how to read it.

source.py    what every source offers, and the two ways to be one
call.py      one call as an export tells it
fields.py    parts of a record, out of JSON text where a tool wrote JSON into a cell
usage.py     token counts of the providers' APIs, brought to one meaning
joining.py   the requests and the results of a batch, made one log by their custom ids
spans.py     which spans of a trace are model calls, each counted once
genai_*.py   what a span's attributes say, in every convention of tracing model calls
registry.py  the known sources in order; the first that recognises the rows reads the log
generic.py   any table with named columns, read through a mapping that a person can change
"""
