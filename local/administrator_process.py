"""The process behind `administrator`: reads a line of JSON, adds a user, and prints "added" or "there".

It has `endpoint`, `table`, `name` and `password`. Others can list arguments, so the password is in none.
"""

import json
import os
import sys

from gpserverless.access.administration import Administration
from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.clock import SystemClock
from gpserverless.storage.access_table import DynamoAccessRows
from gpserverless.storage.clients import dynamodb_client


def main() -> None:
    """Add the user of the line."""
    if not (line := sys.stdin.readline()):
        return  # its parent has ended meanwhile
    given = json.loads(line)
    os.environ["AWS_ENDPOINT_URL"] = given["endpoint"]
    rows = DynamoAccessRows(dynamodb_client(), given["table"])
    administration = Administration(rows, SystemClock())
    if administration.users.find(given["name"]) is not None:
        print("there")
        return
    administration.add(User(given["name"], Role.ADMINISTRATOR), given["password"])
    print("added")


if __name__ == "__main__":
    main()
