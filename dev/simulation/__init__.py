"""The queue and its workers in virtual time: what a load meets on AWS, before it is there.

    load ──▶ play ──▶ outcome ──▶ cost
              ▲
    cloud (settings of template.yaml, limits of AWS)

`python -m dev.simulation` prints a table of loads; `python -m dev.simulation --measure` also plays one on the
local cloud, predicts it, and prints both side by side.
"""
