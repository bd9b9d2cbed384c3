"""One module per tool whose exports we know; each says how to tell it and how to read it.

source.py    what every source offers
registry.py  the known sources in order; the first that recognises the columns reads the log
generic.py   any table with named columns, read through a Mapping
"""
