"""Table, object store and queue on AWS: the only room that knows botocore."""
