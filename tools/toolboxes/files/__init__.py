"""Tools that read and write files of features."""

from gpserverless import Service

service = Service(execution="async", worker="vector", uploads=True, max_records=100_000)
