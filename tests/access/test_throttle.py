"""The limit of wrong passwords: for each user and network, and for each network."""

from __future__ import annotations

import pytest

from gpserverless.access.throttle import MOST_OF_ADDRESS, MOST_OF_USER, WINDOW_MINUTES, Attempt, Throttle
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import HOME, MINUTE

START = 1_700_000_100_000 // 900_000 * 900_000
"""The beginning of a quarter of an hour."""


class Guesses:
    """Wrong passwords, one after the other."""

    def __init__(self, rows: InMemoryAccessRows, clock: VirtualClock) -> None:
        self.throttle = Throttle(rows)
        self.clock = clock
        self.made = 0

    def guess(self, name: str = "ana", address: str = HOME, password: str = "") -> bool:
        """Try a password, another one each time, and return whether there was room."""
        self.made += 1
        word = password or f"wrong {self.made}"
        return self.throttle.count(Attempt(name, address, f"{name} {word}", self.clock.now()))

    def use_up(self, name: str = "ana", address: str = HOME) -> int:
        """Guess until there is no room, and return how often there was."""
        return next(number for number in range(1_000) if not self.guess(name, address))


@pytest.fixture
def guesses(rows: InMemoryAccessRows, clock: VirtualClock) -> Guesses:
    clock.time = START
    return Guesses(rows, clock)


def test_twenty_are_answered(guesses: Guesses) -> None:
    assert guesses.use_up() == MOST_OF_USER == 20
    assert not guesses.guess()


def test_same_one_counts_once_a_minute(guesses: Guesses, clock: VirtualClock) -> None:
    """One mistake of a person is four tries of the ArcGIS API for Python."""
    for _ in range(100):
        assert guesses.guess(password="mistyped")
    assert guesses.use_up() == MOST_OF_USER - 1
    clock.sleep(MINUTE)
    assert not guesses.guess(password="mistyped")


def test_user_can_sign_in_from_elsewhere(guesses: Guesses) -> None:
    """Nobody locks another one out."""
    guesses.use_up(address="198.51.100.7")
    assert guesses.guess(address=HOME)


def test_other_users_of_the_network_have_room(guesses: Guesses) -> None:
    guesses.use_up("ana")
    for _ in range(1_000):
        assert not guesses.guess("ana")
    assert guesses.guess("bob")


def test_network_has_a_limit_for_all_its_users(guesses: Guesses) -> None:
    answered = sum(guesses.guess(f"user{number}") for number in range(500))
    assert answered == MOST_OF_ADDRESS == 100
    assert guesses.guess("ana", "198.51.100.7")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one line has 2**64 addresses
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "unknown", True),
    ],
)
def test_network_is_what_one_line_has(first: str, second: str, same: bool, guesses: Guesses) -> None:
    guesses.use_up(address=first)
    assert guesses.guess(address=second) is not same


@pytest.mark.parametrize("begin", [0, 7, 14])
def test_limit_is_for_any_quarter_of_an_hour(begin: int, guesses: Guesses, clock: VirtualClock) -> None:
    """Not for those of the clock: a burst at the end of one and the beginning of the next is one burst."""
    clock.sleep(begin * MINUTE)
    guesses.use_up()
    clock.sleep((WINDOW_MINUTES - 1) * MINUTE)
    assert not guesses.guess()
    clock.sleep(MINUTE)
    assert guesses.use_up() == MOST_OF_USER


@pytest.mark.parametrize("minutes", [1, 3])
def test_steady_guesses_are_no_more(minutes: int, guesses: Guesses, clock: VirtualClock) -> None:
    answered = []
    for minute in range(0, 240, minutes):
        answered += [minute for _ in range(5) if guesses.guess()]
        clock.sleep(minutes * MINUTE)
    for minute in range(240):
        within = [each for each in answered if minute <= each < minute + WINDOW_MINUTES]
        assert len(within) <= MOST_OF_USER


def test_right_password_counts_nothing(guesses: Guesses, rows: InMemoryAccessRows) -> None:
    for number in range(200):
        attempt = Attempt("ana", HOME, f"right {number}", START)
        assert guesses.throttle.count(attempt)
        guesses.throttle.take_back(attempt)
    assert guesses.use_up() == MOST_OF_USER


def test_right_password_takes_back_nothing_else(guesses: Guesses, clock: VirtualClock) -> None:
    for _ in range(MOST_OF_USER - 1):
        guesses.guess()
    attempt = Attempt("ana", HOME, "right", clock.now())
    guesses.throttle.count(attempt)
    clock.sleep(MINUTE)  # a slow password check
    guesses.throttle.take_back(attempt)
    assert guesses.use_up() == 1


def test_rows_are_removed_when_they_count_no_more(
    guesses: Guesses, rows: InMemoryAccessRows, clock: VirtualClock
) -> None:
    clock.sleep(14 * MINUTE)
    guesses.guess()
    for row in rows.rows.values():
        assert clock.now() / 1000 + WINDOW_MINUTES * MINUTE < row["ttl_at"] < clock.now() / 1000 + 1_800


def test_rows_stay_small_and_name_nobody(guesses: Guesses, rows: InMemoryAccessRows) -> None:
    for number in range(1_000):
        guesses.guess("ana")
        guesses.guess(f"user{number}")
    for key, row in rows.rows.items():
        assert len(row["members"]) <= MOST_OF_ADDRESS
        assert "ana" not in key
        assert HOME not in key
