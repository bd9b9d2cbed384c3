"""Any export becomes canonical query rows; this room knows files, columns, units and privacy.

query.py        the canonical row: what every log becomes
containers/     bytes -> chunks of rows (CSV, JSON, JSONL, Parquet, Excel, SQLite, gzip, zip)
files.py        paths, folders and archives -> the files of one log
pairs.py        files that belong together: all of one kind, or a pair that a tool writes
parts.py        the files of one log, told from strangers, ready to be read
sources/        one module per tool's export; a registry picks by the columns found
mapping.py      which column plays which part, guessed by name and by content
contents.py     what a column's values look like: numbers, times, chats, prose, labels
preview.py      a first look at a file, quick at any size
amounts.py      tolerant numbers: "1,234", "$0.01", "1.58s"
times.py        tolerant times, always UTC
chat.py         chat JSON -> the last user message
tokens.py       token estimate from text
redaction.py    personal data and secrets -> typed placeholders
canonical.py    chunk + mapping -> canonical rows, with what was dropped and why
tally.py        running totals of a log while it is read
facts.py        the facts of a log, once its rows have been counted
log.py          what is known of an imported log; open, list, delete
ingest.py       files -> folder with queries.parquet and log.json

A query's way: containers -> sources -> canonical -> ingest -> queries.parquet.
"""
