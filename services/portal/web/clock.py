"""The services' clock, as the `Date` of their answers tells it: in development it may be set."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from libs.events.value import SHANGHAI


class ServicesClock:
    """The machine's clock, moved as far as the services' is; it runs on between answers."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def hear(self, said: str) -> None:
        """The `Date` of an answer that has just come."""
        self._ahead = parsedate_to_datetime(said) - datetime.now(UTC)

    def now(self) -> datetime:
        """As it is read in Henan."""
        return (datetime.now(UTC) + self._ahead).astimezone(SHANGHAI)
