"""What a file is, and its rows as text.

recognise.py    bytes -> Container (kind, gzip, encoding, delimiter), by content, never by name
reading.py      Container -> chunks of rows, whatever the kind: the only door for the rest
archive.py      zip archives: their members as places to read from, refused when they are bombs
chunk.py        one chunk: a table of string columns, what was skipped, bytes read
stream.py       any text file as clean UTF-8: gzip with a bomb bound, UTF-16, Windows-1252
pacing.py       a stream that is not read far ahead
delimited.py    comma, semicolon, tab, pipe
json_lines.py   one JSON object per line
json_values.py  arrays, envelopes such as {"data": [...]}, pretty-printed objects
records.py      JSON objects -> string columns, nested keys joined with dots
parquet.py      Parquet
workbook.py     Excel .xlsx
sqlite.py       SQLite databases, opened so that nothing is ever written
llm_database.py the two generations of tables in the database of simonw's llm
"""
