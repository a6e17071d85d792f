"""The soak: many jobs on the local cloud, while its processes, calls, messages, clocks and disks fail."""
