"""The table, the object store, the queues and the bus on AWS: the only room that knows boto3."""
