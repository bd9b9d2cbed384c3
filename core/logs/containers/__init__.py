"""What a file is, and its rows as text.

recognise.py    bytes -> Container (kind, gzip, encoding, delimiter), by content, never by name
reading.py      Container -> chunks of rows, whatever the kind: the only door for the rest
chunk.py        one chunk: a table of string columns, what was skipped, bytes read
stream.py       any text file as clean UTF-8: gzip with a bomb bound, UTF-16, Windows-1252
pacing.py       a stream that is not read far ahead
delimited.py    comma, semicolon, tab, pipe
json_lines.py   one JSON object per line
json_values.py  arrays, envelopes such as {"data": [...]}, pretty-printed objects
records.py      JSON objects -> string columns, nested keys joined with dots
parquet.py      Parquet
workbook.py     Excel .xlsx
"""
