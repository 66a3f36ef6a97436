"""`python -m deploy.image.backup`: a base backup of PostgreSQL with the log it needs, into /backup
under the time it began; older ones than the newest KAOHE_BACKUPS go. In the image of the servers.
"""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.embedded.postgres import postgres_bin
from deploy.embedded.process import StackError
from deploy.image.servers import base_backup, tunnelled

FOLDER = Path("/backup")


def backed_up(folder: Path, host: str, keep: int) -> Path:
    """Raises StackError; what was cut off leaves nothing that looks like a backup."""
    done = folder / datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    new = done.with_suffix(".new")
    for left in folder.glob("*.new"):
        shutil.rmtree(left)
    tunnelled("foreground = no\npid =\nsyslog = no\n", host)
    base_backup(postgres_bin(), "-D", str(new), "-F", "tar", "-z")
    new.rename(done)
    for old in sorted(folder.iterdir())[:-keep]:
        shutil.rmtree(old)
    return done


def main() -> int:
    try:
        keep = int(os.environ.get("KAOHE_BACKUPS", "14"))
        done = backed_up(FOLDER, os.environ["POSTGRES_PRIMARY"], keep)
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{done}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
