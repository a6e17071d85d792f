"""The keys of repeated submits in memory."""

from __future__ import annotations

from gpserverless.jobs.idempotency import KEPT_MS, KeyReservation


class InMemorySubmitKeys:
    """Reservations of keys in a dictionary."""

    def __init__(self) -> None:
        self._reserved: dict[str, KeyReservation] = {}

    def reserve(self, key: str, wanted: KeyReservation, instead_of: str = "") -> KeyReservation:
        """Reserve a key for a job, and return the reservation that holds: this one or an earlier one."""
        found = self._reserved.get(key)
        if found is None or wanted.at - found.at >= KEPT_MS or found.job_id == instead_of:
            self._reserved[key] = wanted
        return self._reserved[key]
