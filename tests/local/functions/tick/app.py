"""Stores every event."""

import json
import os
from typing import Any

import botocore.session

s3 = botocore.session.get_session().create_client("s3")


def handler(event: dict[str, Any], context: object) -> None:
    """Keep the event as an object of its own."""
    s3.put_object(Bucket=os.environ["BUCKET"], Key=f"ticks/{event['id']}", Body=json.dumps(event).encode())
