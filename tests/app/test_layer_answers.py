"""Answers that are too large to be handed over lie in the store for as long as their links work."""

from __future__ import annotations

from gpserverless.app.layer_answers import ANSWERS, LargeAnswers, StoredFiles
from gpserverless.testing import InMemoryObjectStore, VirtualClock

DAY = 86_400


def test_answer_of_another_day_is_written_again_since_the_first_is_about_to_be_removed() -> None:
    objects, clock = InMemoryObjectStore(), VirtualClock()
    answers = LargeAnswers(objects, clock.now)
    links = []
    for _ in range(2):
        links += [answers.store_answer(b"rows", "application/json", "") for _ in range(2)]
        clock.sleep(DAY)
    assert links[0] == links[1] != links[2] == links[3]
    assert len([key for key in objects.bodies if key.startswith(ANSWERS)]) == 2


def test_file_of_another_day_is_not_found() -> None:
    objects, clock = InMemoryObjectStore(), VirtualClock()
    files = StoredFiles(objects, clock.now)
    objects.put(f"{ANSWERS}{clock.now() // 1000 // DAY}/zones", b"x", "text/csv")
    assert files.find_file("zones", "text/csv", "zones.csv")
    clock.sleep(DAY)
    assert files.find_file("zones", "text/csv", "zones.csv") == ""
