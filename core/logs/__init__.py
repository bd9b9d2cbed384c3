"""Any export becomes canonical query rows; this room knows files, columns, units and privacy.

Rooms:

containers/     bytes -> chunks of rows (CSV, JSON, JSONL, Parquet, Excel, SQLite, gzip, zip), on
                this machine, in an archive, or by URL
sources/        one module per tool's export; a registry picks by the columns and rows found
chat/           chat JSON of any provider -> the last user message
privacy/        what may be stored: redaction, keyed hashes

What is there:

files.py        paths, folders and archives -> the files of one log
pairs.py        files that belong together: all of one kind, or a pair that a tool writes
parts.py        the files of one log, told from strangers, ready to be read
preview.py      a first look at a log, quick at any size
glimpse.py      the first queries as they would be read
mapping.py      which column plays which part, guessed by name and by content
contents.py     what a column's values look like: numbers, times, chats, prose, labels
remembered.py   mappings made by hand, kept for the next file with the same columns

One chunk:

query.py        the canonical row: what every log becomes
canonical.py    chunk + mapping -> canonical rows, with what was dropped and why
cells.py        the chunk's columns by the part they play
amounts.py      tolerant numbers: "1,234", "$0.01", "1.58s"
times.py        tolerant times, always UTC
statuses.py     how a call went: ok, error, cancelled
verdicts.py     the users' verdicts on one scale
texts.py        the text column: plain queries, chats, answers
counts.py       token counts: logged, else the rest of a total, else from text
tokens.py       token estimate from text; exact_tokens.py counts where the extra is installed
packed.py       strings as bytes, for counting many at once

The whole log:

ingest.py       files -> folder with queries.parquet and log.json
partitions.py   a long log cut into runs of rows that processes can read by themselves
draft.py        canonical rows as first written, whole file by file: a cut-off import goes on
scratch.py      where unfinished work lies
digest.py       the name of a log: what was read, and how
pipeline.py     work on several chunks at once, in their order
query_file.py   how canonical rows lie on disk: one file, or a folder of them for a long log
tally.py        running totals while a log is read
attempts.py     which calls repeat one ask
gateway_cache.py  calls that a gateway answered from its own cache
completion.py   what can only be settled at the end
cautions.py     what a reader of the figures should know; caps.py, exports that stop somewhere
facts.py        the facts of a log, once its rows have been counted
log.py          what is known of an imported log; open, list, delete

A query's way: containers -> sources -> canonical -> draft -> completion -> queries.parquet.
"""
