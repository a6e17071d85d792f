"""The fault lab: the real handlers, on a clock that can be turned, while everything around them breaks."""
