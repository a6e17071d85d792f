"""What every protocol does with a call: lets its caller in, runs or submits it, finds its job and results."""
