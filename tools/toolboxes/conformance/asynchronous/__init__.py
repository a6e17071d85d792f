"""For authors of clients, run as jobs: every data type, every failure, and a pause."""

from gpserverless import Service

service = Service(execution="async", name="Async", published_when="PUBLISH_CONFORMANCE", uploads=True)
