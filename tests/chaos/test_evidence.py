"""What chaos asks of a topic afterwards: the log's records in their order, whoever else wrote."""

from libs.events.envelope import KafkaRecord
from tests.chaos.evidence import own

FIRST, SECOND, THIRD = (KafkaRecord(b"owner", name, ()) for name in (b"1", b"2", b"3"))
STRANGE = KafkaRecord(b"", b"bytes that are none", ())
LOG = [FIRST, SECOND, THIRD]


def test_records_of_strangers_are_passed_over() -> None:
    assert own([STRANGE, FIRST, FIRST, SECOND, STRANGE, SECOND, THIRD, STRANGE], LOG) == 3


def test_a_record_that_is_missing_or_late_is_missed() -> None:
    assert own([FIRST, THIRD], LOG) == 1
    assert own([FIRST, THIRD, SECOND], LOG) == 2
    assert own([STRANGE], LOG) == 0
