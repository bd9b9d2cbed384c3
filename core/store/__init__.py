"""Plans with all that teams do to them, share links and jobs: the only SQL in the house.

- `engine`, `copies`: `open_engine()` opens the database and brings its schema up to date.
- `tables`: the tables; `migrations/` holds how they came about. `transaction`: how they change.
- `access`: who asks (`Actor`), and what roles and links allow. `members`: who has which role.
- `audit`: the record of every change; one line each, in the change's own transaction.
- `saved`: what is kept of a plan, and how database rows become it. `names`: words people type.
- `plans`: save, open, rename, describe and copy plans; `saving`, `revising`: frozen plans and
  later logs as versions; `finding`: lists and figures of a workspace; `bin`: delete, bring back.
  `behind`: the plan behind an id or a link.
- `decisions`, `actuals`, `drafts`: what people said to a version, what came of it, and what is
  still in the making.
- `links`: share a plan by a secret link of some kind, open it, close it.
- `plan_file`, `backup`, `checking`: a plan, or the whole database, as a file; whether it is sound.
- `queries`, `result_file`: rows of somebody's database as a file, read like any other log.
- `jobs`, `work`: background work that other processes, and the next start, can see.

Functions take the engine first, then the actor, and the clock (`now`, with a time zone) as an
argument. Each asks `access` for the right before it reads or changes anything. A change is one
transaction of `transaction.writing`: SQLite waits for its turn at once instead of failing halfway,
and PostgreSQL locks the plan until the change is committed.
"""
