"""Plans, versions, share links and jobs: the only SQL in the house.

- `engine`: `open_engine()` opens the database and brings its schema up to date.
- `tables`: the four tables; `migrations/` holds how they came about.
- `document`, `freeze`: what a saved plan holds, so that it shows the same numbers for ever.
- `saved`: what is kept of a plan, and how database rows become it.
- `plans`: save, list, open, rename, duplicate, delete and undelete plans.
- `links`: share a plan's version by a secret link, open it, revoke it.
- `queries`, `result_file`: rows of somebody's database as a file, read like any other log.
- `jobs`: background work that other processes, and the next start, can see.

Every function takes the engine first and the clock (`now`, with a time zone) as an argument.
Each change is one transaction whose first statement writes: SQLite then waits for its
turn instead of failing, and PostgreSQL locks the row.
"""
