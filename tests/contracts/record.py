"""Makes samples where there are none yet:

python -m pytest -p tests.contracts.record tests/enterprise tests/personnel …   from given/when/then
python -m tests.contracts.record FOLDER                                         from the logs of a
stack that is up: its .kaohe
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from deploy.embedded.places import Home
from deploy.installation.installation import of_stack
from libs.events.aggregate import Aggregate
from libs.events.testing import scenario
from tests.contracts.samples import record


def pytest_configure(config: Any) -> None:
    """As a plugin: whatever given/when/then replays or compares is kept."""
    kernel: Any = scenario
    encode, facts = kernel.encode, kernel.facts

    def encoding(event: Aggregate.Event, key: Any = None) -> Any:
        record(event, "test")
        return encode(event, key)

    def comparing(event: Aggregate.Event) -> Any:
        record(event, "test")
        return facts(event)

    kernel.encode, kernel.facts = encoding, comparing


async def from_logs(told: dict[str, Any]) -> int:
    made = 0
    async with of_stack(told).opened() as runtimes:
        for runtime in runtimes.values():
            after = 0
            while batch := await runtime.log.read(after, 500):
                made += sum(
                    record(event, "log") for event in await runtime.application.codec.decode(batch)
                )
                after = batch[-1].position
    return made


if __name__ == "__main__":
    found = Home(Path(sys.argv[1])).endpoints
    if found is None:
        sys.exit("no stack is up there")
    sys.stdout.write(f"{asyncio.run(from_logs(found))} samples more\n")
