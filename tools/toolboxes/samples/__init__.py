"""Small tools to look at and to start from."""

from gpserverless import Service

service = Service(execution="sync", max_records=100_000)
