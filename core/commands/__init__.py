"""The `tierwise` console script: the same functions as the screens, for scripts.

`main.py` reads the arguments and prints; every other module is one command with
`add_arguments(parser)`, `run(arguments) -> Result`. `opening.py` reads a log for them and
`writing.py` guards what they write.
"""
