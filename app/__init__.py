"""What people see: Streamlit lives only here.

`main.py`      the entry point: navigation and the line that names log and plan
`screens/`     one script per page, read top to bottom: read state, call core, draw
`parts/`       charts (data to figure), tables, wording, the plan's cards
`services.py`  every cache, the engine, the logs and what is worked out from them
`jobs.py`      the worker process and its background jobs
`uploads.py`   dropped files
`state.py`     typed session state and query parameters
"""
