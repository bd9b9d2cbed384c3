"""What people see: Streamlit lives only here.

`main.py`      the entry point: navigation and the line that names log and plan
`screens/`     one script per page, read top to bottom: read state, call core, draw
`parts/`       charts (data to figure), tables, wording, the plan's cards
`services.py`  every cache, the engine, the worker pool, background jobs
`state.py`     typed session state and query parameters
"""
