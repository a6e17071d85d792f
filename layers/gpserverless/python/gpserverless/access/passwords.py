"""Passwords: hashed by Argon2id, compared in the same time whether there is a user or not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field

from argon2 import Parameters, extract_parameters
from argon2.low_level import ARGON2_VERSION, Type, hash_secret, hash_secret_raw

from gpserverless.access.keys import PASSWORD
from gpserverless.access.ports import AccessRows, PasswordCheck
from gpserverless.errors import InvalidValue

MOST_BYTES = 1024
"""Length of a password; a longer one is nobody's, and is not hashed."""

LEAST_CHARACTERS = 8
"""Length of a new password, from NIST SP 800-63B."""

PARAMETERS = Parameters(
    type=Type.ID,
    version=ARGON2_VERSION,
    salt_len=16,
    hash_len=32,
    time_cost=2,
    memory_cost=19 * 1024,
    parallelism=1,
)
"""The first choice of OWASP's Password Storage Cheat Sheet: two passes over 19 MiB, one lane."""


@dataclass(frozen=True)
class StoredHash:
    """A hash with all that it takes to make it again.

    Attributes:
        parameters: The cost.
        salt: The salt.
        digest: The hash itself.
    """

    parameters: Parameters
    salt: bytes
    digest: bytes = field(repr=False)

    @classmethod
    def read(cls, encoded: str) -> StoredHash:
        """Read a hash in the usual form, `$argon2id$v=19$m=…,t=…,p=…$salt$digest`.

        Args:
            encoded: The hash.
        """
        *_, salt, digest = encoded.split("$")
        return cls(extract_parameters(encoded), _decode(salt), _decode(digest))

    def digest_of(self, password: bytes) -> bytes:
        """Return what this hash would be if the password were another.

        Args:
            password: The other password.
        """
        cost = self.parameters
        return hash_secret_raw(
            password,
            self.salt,
            cost.time_cost,
            cost.memory_cost,
            cost.parallelism,
            len(self.digest),
            cost.type,
            cost.version,
        )


def fingerprint_of(name: str, password: str) -> str:
    """Return the fingerprint of a password whose hash is elsewhere. It costs as much as a hash.

    Args:
        name: Name of the user in small letters.
        password: Any text, however long.
    """
    salt = hashlib.sha256(name.encode()).digest()[: PARAMETERS.salt_len]
    return _fingerprint(
        StoredHash(PARAMETERS, salt, bytes(PARAMETERS.hash_len)).digest_of(_normalize(password) or b"")
    )


class Passwords:
    """The passwords of this site's own users: a `CheckPassword`. Only the sign-in may read them.

    Args:
        rows: The table of access.
        parameters: The cost of a hash. Hashes that cost less are made anew when their users sign in.
    """

    def __init__(self, rows: AccessRows, parameters: Parameters = PARAMETERS) -> None:
        self._rows = rows
        self._parameters = parameters
        # Nobody's: it is compared for users that there are not. No password has this digest.
        self._dummy = StoredHash(
            parameters, bytes(parameters.salt_len), secrets.token_bytes(parameters.hash_len)
        )

    def check(self, name: str, password: str) -> PasswordCheck:
        """Compare a password with that of a user, or with nobody's.

        Args:
            name: Name of the user in small letters, "" for a name that nobody can have.
            password: Any text, however long.
        """
        row = self._rows.read(f"{PASSWORD}{name}")
        stored = StoredHash.read(row["hash"]) if row else self._dummy
        normal = _normalize(password)
        digest = stored.digest_of(normal or b"")
        fingerprint = _fingerprint(digest)
        if row is None or normal is None or not hmac.compare_digest(digest, stored.digest):
            return PasswordCheck(False, fingerprint)
        if stored.parameters != self._parameters:
            self._rows.change(row["pk"], {"hash": self._hash(normal)}, {"hash": row["hash"]})
        return PasswordCheck(True, fingerprint)

    def set(self, name: str, password: str) -> None:
        """Give a user a password, in place of any other.

        Args:
            name: Name of the user in small letters.
            password: The password.

        Raises:
            InvalidValue: It is too short, too long, or no text.
        """
        row = {"pk": f"{PASSWORD}{name}", "hash": self._hash(self.check_new(password))}
        if not self._rows.insert(row):
            self._rows.change(row["pk"], {"hash": row["hash"]}, {})

    @staticmethod
    def check_new(password: str) -> bytes:
        """Return a new password as it is hashed.

        Args:
            password: The password.

        Raises:
            InvalidValue: It is too short, too long, or no text.
        """
        normal = _normalize(password)
        if normal is None or len(password) < LEAST_CHARACTERS:
            raise InvalidValue(
                "the password is too short or too long",
                f"{LEAST_CHARACTERS} characters to {MOST_BYTES:,} bytes",
            )
        return normal

    def _hash(self, password: bytes) -> str:
        cost = self._parameters
        return hash_secret(
            password,
            secrets.token_bytes(cost.salt_len),
            cost.time_cost,
            cost.memory_cost,
            cost.parallelism,
            cost.hash_len,
            cost.type,
            cost.version,
        ).decode()


def _normalize(password: str) -> bytes | None:
    """Return a password as bytes, the same for every keyboard; None for one that nobody can have."""
    if len(password) > MOST_BYTES:
        return None
    try:
        normal = unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:  # half a character
        return None
    return normal if len(normal) <= MOST_BYTES else None


def _fingerprint(digest: bytes) -> str:
    return hashlib.sha256(digest).hexdigest()[:16]


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
