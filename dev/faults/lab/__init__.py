"""The lab: the real handlers and storage classes on a virtual clock, while one kind of fault happens."""
