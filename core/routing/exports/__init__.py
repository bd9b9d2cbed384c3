"""A plan as a router's own configuration: text only, no secrets, no foreign package.

`decide.py`      which tier a query takes: the standard library only, carried by Python exports
`policy.py`      a plan as plain data
`files.py`       what an export consists of
`python_file.py`, `plan_json.py`, `litellm.py`, `portkey.py`, `vllm_sr.py`   one target each
`targets.py`     all targets by name
"""
