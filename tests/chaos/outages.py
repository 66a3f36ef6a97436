"""The servers that services stand on go away, one at a time, under load: what each route answers.

    python -m tests.chaos.outages [postgres] [s3] [kafka] [issuer] [--seconds=8]

On a stack of its own, whose servers are behind proxies; the issuer is stopped as a process. First
all connections are cut, then bytes vanish and nobody is told. Meanwhile every operation of every
service is asked again and again, and clerks go on saving. Prints, for each outage, the answers by
status, how long the longest took, and when nobody was refused any more; then what was wrong, and
the exit status is 1: an answer that the document does not tell, none within `--limit` seconds
(two of silence, and the way), somebody refused for longer than 5 s afterwards (decision 62), a
process that ended, and whatever was acknowledged and does not stand, or stands twice.
"""

import asyncio
import os
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.embedded.places import Home
from tests.chaos.under_load import Load
from tests.conformance.faults import KafkaProxy, Mode, Proxy
from tests.deploy.clone import Clone
from tests.http.http_client import Asker
from tests.journeys.conftest import System
from tests.servers import Embedded

SERVERS = ("postgres", "s3", "kafka", "issuer")
MODES = (Mode.RESET, Mode.BLACKHOLE)


def main() -> int:
    given = dict(each[2:].split("=") for each in sys.argv[1:] if each.startswith("--"))
    wanted = [each for each in sys.argv[1:] if not each.startswith("--")] or list(SERVERS)
    seconds, limit = (float(given.get(name, n)) for name, n in (("seconds", 8), ("limit", 2.5)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the stack goes with it
    with stack() as made:
        system, proxies = System(Home(made.clone.home)), made.levers
        load = Load(Asker(system), limit)
        for server in wanted:
            for mode in MODES if server in proxies else MODES[1:]:
                away = paused(system) if server == "issuer" else proxied(proxies[server], mode)
                before = pids(system)
                outage = asyncio.run(load.during(away, seconds))
                outage.faults += [f"{name} ended" for name in before.items() - pids(system).items()]
                print(f"{server} {mode}: {outage}", flush=True)
                for fault in outage.faults:
                    print(f"  FAULT {fault}", flush=True)
        lost = load.lost()
        print(f"acknowledged: {load.acknowledged}; lost or doubled: {lost}", flush=True)
    return int(load.failed or bool(lost))


def pids(system: System) -> dict[str, int]:
    """Of the services' processes."""
    told = system.told
    names = tuple(told["services"])
    return {name: pid for name, pid in told["pids"].items() if name.startswith(names)}


@contextmanager
def stack(place: Path | None = None) -> Iterator["Stack"]:
    """Everything up, its servers behind proxies, these with their data in `place`."""
    with ExitStack() as kept:
        servers = Embedded(place)
        kept.callback(servers.stop)
        found, s3 = servers.endpoints, urlsplit(servers.endpoints["s3"]["endpoint"])
        levers = {
            "postgres": Lever(Proxy("127.0.0.1", urlsplit(found["postgres"]).port or 0)),
            "kafka": Lever(KafkaProxy("127.0.0.1", int(found["kafka"].rpartition(":")[2]))),
            "s3": Lever(Proxy("127.0.0.1", s3.port or 0)),
        }
        ports = {name: kept.enter_context(lever.at_work()) for name, lever in levers.items()}
        postgres = urlsplit(found["postgres"])
        who = postgres.netloc.rpartition("@")[0]
        keys = f"{found['s3']['access_key']}:{found['s3']['secret_key']}"
        settings = {
            "KAOHE_POSTGRES": postgres._replace(
                netloc=f"{who}@127.0.0.1:{ports['postgres']}"
            ).geturl(),
            "KAOHE_KAFKA": f"127.0.0.1:{ports['kafka']}",
            "KAOHE_S3": f"http://{keys}@127.0.0.1:{ports['s3']}",
        }
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="kaohe-")))
        folder.chmod(0o711)
        clone = Clone(folder, **settings)
        kept.callback(clone.run, "down")
        clone.run("up")
        yield Stack(clone, levers, servers)


@dataclass
class Stack:
    """`levers`: the proxies before its servers, by name."""

    clone: Clone
    levers: dict[str, "Lever"]
    servers: Embedded


class Lever:
    """A proxy on a loop of its own, so that who measures does not wait for it."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy, self._loop = proxy, asyncio.new_event_loop()

    @contextmanager
    def at_work(self) -> Iterator[int]:
        """Its port."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        work = self._proxy.at_work()
        asyncio.run_coroutine_threadsafe(work.__aenter__(), self._loop).result(10)
        yield self._proxy.port
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join(10)

    def becomes(self, mode: Mode, chance: float = 1.0) -> None:
        self._loop.call_soon_threadsafe(self._proxy.becomes, mode, chance)


@asynccontextmanager
async def proxied(lever: Lever, mode: Mode) -> AsyncIterator[None]:
    lever.becomes(mode)
    try:
        yield
    finally:
        lever.becomes(Mode.RESET)  # what was swallowed is not owed
        lever.becomes(Mode.PASS)


@asynccontextmanager
async def paused(system: System) -> AsyncIterator[None]:
    """The issuer stands still."""
    pid = int(system.told["pids"]["issuer"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


if __name__ == "__main__":
    sys.exit(main())
