"""For authors of clients, executed while the client waits: every data type, every failure, and a pause."""

from gpserverless import Service

service = Service(execution="sync", published_when="PUBLISH_CONFORMANCE", uploads=True)
