"""GP data types: how a value travels between the wire and Python.

Every type has the same four words: its `name` on the wire, `load` (wire to Python), `dump` (Python to wire)
and `describe` (what the task resource says about it beside the name). A type does not know the parameter it
belongs to; whoever calls it adds the parameter's name to the error.
"""
