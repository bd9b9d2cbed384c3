"""What people see: Streamlit lives only here.

`main.py`      the entry point: navigation and the line that names log and plan
`screens/`     one script per page, read top to bottom: read state, call core, draw
`parts/`       charts (data to figure), tables, wording, the plan's cards
`services.py`  the engine, the catalogue, the logs and their bills, cached
`planning.py`  sorted logs and the plans on them, cached; the draft of a tab
`evidence.py`  outcomes of a log's own queries, as the pages read them
`replays.py`   replays of a log: prepared, confirmed, shown, judged by people
`asking.py`    categories asked of a model
`watching.py`  a plan after the switch, beside a later log
`sessions.py`  sessions whose tab is gone
`turns.py`     who may have how many jobs, and whose turn it is
`workers.py`   worker processes
`elsewhere.py` short heavy work in worker processes, for a page that waits for it
`reading.py`   what such a process reads from a whole log
`queueing.py`  the queue that jobs wait in, and what became of them
`jobs.py`      background jobs, as pages start, watch and stop them
`uploads.py`   dropped files
`state.py`     typed session state and query parameters
"""
