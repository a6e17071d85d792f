"""Pictures of tasks: the input and the output of one run on real data, side by side, as SVG."""
