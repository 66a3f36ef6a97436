"""Texts that clients send, as the rooms of review limit them."""

from typing import Annotated

from pydantic import StringConstraints

from libs.events.strict import LINES
from libs.filing.content.types import PRINTABLE

Text = Annotated[str, StringConstraints(max_length=2000), LINES]
Printable = Annotated[str, StringConstraints(max_length=2000, pattern=PRINTABLE), LINES]
# something must be said
Said = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTABLE), LINES]
