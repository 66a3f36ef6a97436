"""What a process keeps in memory: never past its time, never more than it may."""

from libs.events.kept import ExpiringCache, once_for_each


class Hands:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_entry_is_gone_at_its_instant() -> None:
    clock = Hands()
    kept: ExpiringCache[str, int] = ExpiringCache(2, clock)
    kept.put("a", 1, 10.0)
    clock.now = 9.9
    assert kept.get("a") == 1
    clock.now = 10.0
    assert (kept.get("a"), len(kept)) == (None, 0)


def test_the_least_recently_used_is_pushed_out() -> None:
    kept: ExpiringCache[str, int] = ExpiringCache(2, Hands())
    kept.put("a", 1, 10.0)
    kept.put("b", 2, 10.0)
    assert kept.get("a") == 1
    kept.put("c", 3, 10.0)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)


def test_what_is_put_again_has_its_new_time_and_what_is_dropped_is_gone() -> None:
    clock = Hands()
    kept: ExpiringCache[str, int] = ExpiringCache(2, clock)
    kept.put("a", 1, 10.0)
    kept.put("a", 2, 20.0)
    clock.now = 15.0
    assert kept.get("a") == 2
    kept.drop("a")
    kept.drop("never put")
    assert kept.get("a") is None


def test_a_rule_is_asked_once_about_the_same_object_and_the_same_rest() -> None:
    asked = list[tuple[object, str]]()

    @once_for_each
    def found(value: tuple[int, ...], code: str) -> list[str]:
        asked.append((value, code))
        return [code]

    one, equal = (1, *[2]), (1, *[2])
    first = found(one, "a")
    first.append("the caller's own")
    assert found(one, "a") == ["a"]
    assert len(asked) == 1
    found(one, "b")
    found(equal, "a")
    assert len(asked) == 3
