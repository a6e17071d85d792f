"""Users, passwords, tokens and keys: who may call.

`Accounts` is the whole of it, put together; `Identify` is the part that every request needs.
"""
