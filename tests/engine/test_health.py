"""When a shared cache is turned off, in seconds that the tests make up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.engine.remote.health import Health, Patience

PATIENCE = Patience()
REQUESTS = st.lists(
    st.tuples(st.booleans(), st.floats(0, 5), st.floats(0, 5)), min_size=1, max_size=200
)


def test_five_failures_one_after_another_are_enough() -> None:
    health = Health(PATIENCE)
    for second in range(5):
        assert not health.off
        health.failed(second, second + 0.1, "refused")
    assert health.off
    assert health.why == "refused"


def test_requests_that_fail_together_are_one_failure() -> None:
    health = Health(PATIENCE)
    for _ in range(100):
        health.failed(0.0, 1.0, "reset")
    assert not health.off
    assert health.lost == 1.0


def test_a_success_forgets_failures_but_not_for_ever() -> None:
    health = Health(PATIENCE)
    for second in range(0, 20 * 12, 20):
        assert not health.off
        health.failed(second, second + 5.0, "no answer")
        health.worked()
    assert health.off


@given(REQUESTS)
def test_what_is_lost_is_bounded(requests: list[tuple[bool, float, float]]) -> None:
    health = Health(PATIENCE)
    now, in_a_row = 0.0, 0.0
    for works, pause, lasts in requests:
        began = now + pause
        now = began + lasts
        if health.off:
            break
        if works:
            health.worked()
            in_a_row = 0.0
        else:
            health.failed(began, now, "no answer")
            in_a_row += lasts
        assert health.off or in_a_row < PATIENCE.lost
    assert health.lost < PATIENCE.lost_in_all + 5


@given(REQUESTS)
def test_seconds_in_which_many_wait_are_lost_once(
    requests: list[tuple[bool, float, float]],
) -> None:
    health = Health(Patience(failures=10**6, lost=1e9, lost_in_all=1e9))
    spans = sorted(((began, began + lasts) for _, began, lasts in requests), key=lambda s: s[1])
    for began, ended in spans:
        health.failed(began, ended, "no answer")
    assert health.lost <= max(ended for _, ended in spans) + 1e-6
