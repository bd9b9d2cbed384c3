"""Chats in any provider's or tool's JSON; this room knows requests, messages, parts and tools.

reading.py   a cell -> the last question, the instructions, turns and tools; or the answer
request.py   finds the messages in a request of any provider or tracing tool
messages.py  reads one message: role, words, tool calls and their results
parts.py     the parts of a message: words, calls of tools, answers of tools, images
tools.py     the names of tools
notation.py  JSON, JSON in JSON, Python's repr and dotted keys
"""
