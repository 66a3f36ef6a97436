"""`backup`, `restore`: an installation as it was at one instant, and what its topics hold
beyond it.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from deploy.cli.stack import agreed
from deploy.embedded.places import SERVICES
from deploy.embedded.process import StackError
from deploy.installation.installation import installation
from deploy.keeping.backup import Made, back_up, copy_keys
from deploy.keeping.folder import MANIFEST, read
from deploy.keeping.restore import Restored
from deploy.keeping.restore import restore as restored

MILLION = 1_000_000
Keep = Annotated[
    int | None,
    Parameter(
        help="DIR is a folder of backups, each named by its time; so many of them stay",
        validator=validators.Number(gte=1),
    ),
]
Keys = Annotated[bool, Parameter(help="Only the keys anew, in a backup that is there already")]
Over = Annotated[bool, Parameter(help="In the place of whatever the databases hold")]
To = Annotated[
    tuple[str, ...],
    Parameter(
        help="SERVICE:POSITION, to which its topic fills the log; others stay as the backup has "
        "them; `backup`: all do. What topics hold beyond is given up",
        negative=(),
    ),
]


def register(app: App) -> None:
    app.command(backup)
    app.command(restore)


def backup(folder: Path, *, keep: Keep = None, keys: Keys = False) -> int:
    """Copy logs, keys, drafts and lists as they are at one instant, and every object that the logs
    name, while the services serve. The key files are not in it. Needs the owners' DSNs.
    """
    os.umask(0o077)
    if keys:
        return _keys(folder, newest=keep is not None)
    if keep is not None:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = folder / now
    else:
        path = folder
    new = path.with_name(f"{path.name}.new")
    if path.exists() or new.exists():
        there = path if path.exists() else new
        raise StackError(f"{there} 已经存在，请另写一个文件夹", f"{there} is there already")
    made = asyncio.run(back_up(installation(), path.absolute()))
    _told_of(path, made)
    if keep is not None:
        _forget(folder, keep)
    return 1 if made.manifest.objects.missing else 0


def _keys(folder: Path, *, newest: bool) -> int:
    path = whole_in(folder)[-1] if newest and whole_in(folder) else folder
    count = asyncio.run(copy_keys(installation(), path))
    print(f"{path}: {count} keys")
    return 0


def restore(folder: Path, *, to: To = (), over: Over = False, yes: bool = False) -> int:
    """Put a backup into the databases and the object store, then what the topics hold beyond it.
    The services are stopped meanwhile. Needs the owners' DSNs.
    """
    manifest = read(folder)
    heads = ", ".join(f"{name} {each.head}" for name, each in manifest.services.items())
    print(f"{folder}: {manifest.made_at}, {manifest.events} events ({heads})")
    ends = _positions(to) if to else None
    asked = (
        "代替现有数据，放弃之后的消息？/ In the place of what is there, and of later facts? [y/N] "
    )
    if (over or to) and not (yes or agreed(asked)):
        print("没有改动 / nothing was changed")
        return 1
    _told_by(asyncio.run(restored(installation(), folder.absolute(), over=over, to=ends)))
    return 0


def _positions(to: Sequence[str]) -> dict[str, int]:
    """Raises StackError for what is no position."""
    found = {}
    for each in to:
        name, _, position = each.partition(":")
        if each == "backup":
            continue
        if name not in SERVICES or not position.isdecimal():
            raise StackError(
                f"{each} 不是 SERVICE:POSITION", f"{each} is no SERVICE:POSITION: personnel:1200"
            )
        found[name] = int(position)
    return found


def _told_of(path: Path, made: Made) -> None:
    manifest = made.manifest
    size = sum(each.size for each in manifest.files.values())
    print(
        f"{path}: {manifest.events} events, {manifest.objects.count} objects, "
        f"{size / 1e6:.1f} MB in {made.seconds:.1f} s; appends waited {made.held * 1000:.0f} ms"
    )
    for name in manifest.objects.missing:
        print(f"MISSING in the object store: {name}")


def _told_by(done: Restored) -> None:
    for name, count in done.beyond.items():
        print(f"{name:12} {done.manifest.services[name].head} events, {count} more from its topic")
    rate = done.events / done.seconds
    print(
        f"{done.events} events and {done.objects} objects in {done.seconds:.1f} s: {rate:.0f} "
        f"events a second; computed for a million {MILLION / rate / 60:.1f} minutes"
    )
    for each in done.lost:
        print(f"LOST, made after the backup: {each}")


def whole_in(folder: Path) -> list[Path]:
    """Backups, the oldest first."""
    return sorted(each for each in folder.iterdir() if (each / MANIFEST).exists())


def _forget(folder: Path, keep: int) -> None:
    """The oldest go, and what was cut off more than a day ago."""
    for each in whole_in(folder)[:-keep]:
        shutil.rmtree(each)
    for each in folder.glob("*.new"):
        if time.time() - each.stat().st_mtime > 24 * 3600:
            shutil.rmtree(each)
