"""GP data types: how a value travels between the wire and Python.

Every type has four members: its `name` on the wire, `load` (wire to Python), `dump` (Python to wire) and
`describe` (its part of the parameter's description). Mixins add what only some types can do: see
`capabilities` and `references`. A type does not know its parameter; its caller adds the parameter's name
to an error.
"""
