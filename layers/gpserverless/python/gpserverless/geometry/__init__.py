"""Kernels on arrays of shapes: buffers, circles, curves, projection, measures."""
