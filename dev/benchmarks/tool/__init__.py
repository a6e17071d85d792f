"""The toolbox of the benchmarks: features of any kind are buffered while the caller waits."""

from gpserverless import Service

service = Service(execution="sync", max_records=100_000)
