"""Time, memory and dollars, beside bare libraries and beside another server.

`make bench` runs all subjects and writes docs/benchmarks; `python -m dev.benchmarks overhead` prints one.
Every subject runs in a process of its own and returns tables. Timings are never tests: a budget that is
missed is format_cell, and the exit code stays 0.
"""
