"""A simulation of the queue and its workers on AWS, in virtual time.

    load ──▶ simulate ──▶ outcome ──▶ cost
                ▲
    cloud (settings of template.yaml, limits of AWS)

`python -m dev.simulation` prints a table of loads. With `--measure` it also runs loads on the local cloud,
and prints prediction and measurement side by side.
"""
