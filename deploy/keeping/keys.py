"""Keys that grow old: wrapped anew by the newest master key, or given a new number. Some at a time,
while commands run; begun again, it goes on where it was.
"""

import os
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from libs.events.keyring import MasterKeys
from libs.events.pools import Connection

STEP = 1000
AFTER = """
SELECT subject, number, wrapped FROM subject_keys WHERE (subject, number) > ($1, $2)
ORDER BY subject, number LIMIT $3
"""
# one that was shredded meanwhile is not there any more
AGAIN = """
UPDATE subject_keys k SET wrapped = n.wrapped
FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::bytea[]) AS n (subject, number, wrapped, was)
WHERE k.subject = n.subject AND k.number = n.number AND k.wrapped = n.was
"""
OLD = """
SELECT subject, max(number) AS number FROM subject_keys WHERE subject > $1
AND ($2::uuid[] IS NULL OR subject = ANY($2))
GROUP BY subject HAVING max(made_at) < $3 ORDER BY subject LIMIT $4
"""
NEXT = """
INSERT INTO subject_keys (subject, number, wrapped) SELECT * FROM
unnest($1::uuid[], $2::int[], $3::bytea[]) ON CONFLICT DO NOTHING
"""
# the same name, and maybe another key
BESIDE = """
SELECT subject, number, s.wrapped AS saved, k.wrapped FROM saved s JOIN subject_keys k
USING (subject, number) WHERE s.wrapped <> k.wrapped
"""
FIRST = UUID(int=0)


class Progress(NamedTuple):
    seen: int
    done: int


async def rewrapped(connection: Connection, masters: MasterKeys) -> AsyncIterator[Progress]:
    """Every key that an older master key wrapped; the caller owns the table. Raises InvalidTag for
    one that none of them opens.
    """
    seen, done, last = 0, 0, (FIRST, 0)
    while rows := await connection.fetch(AFTER, *last, STEP):
        old = [
            (subject, number, wrapped)
            for subject, number, wrapped in rows
            if not masters.is_newest((subject, number), wrapped)
        ]
        news = [
            masters.wrapped((subject, number), masters.unwrapped((subject, number), wrapped))
            for subject, number, wrapped in old
        ]
        if old:
            subjects, numbers, before = zip(*old, strict=True)
            await connection.execute(AGAIN, subjects, numbers, news, before)
        seen, done = seen + len(rows), done + len(old)
        last = (rows[-1]["subject"], rows[-1]["number"])
        yield Progress(seen, done)


async def renewed(
    connection: Connection,
    masters: MasterKeys,
    before: datetime,
    subjects: Collection[UUID] | None = None,
) -> AsyncIterator[Progress]:
    """A key with the next number for subjects whose newest was made before: what is sealed from
    then on is sealed by it, and what was is opened by its own. Who was shredded gets none.
    """
    done, last = 0, FIRST
    chosen = list(subjects) if subjects else None
    while rows := await connection.fetch(OLD, last, chosen, before, STEP):
        names = [(row["subject"], row["number"] + 1) for row in rows]
        news = [masters.wrapped(name, os.urandom(32)) for name in names]
        await connection.execute(
            NEXT, [subject for subject, _ in names], [number for _, number in names], news
        )
        done, last = done + len(rows), rows[-1]["subject"]
        yield Progress(done, done)


async def taken(connection: Connection, masters: MasterKeys) -> int:
    """Of keys that stand under the same name as one that was saved, and are another key, the saved
    one takes the place: the log that it opens does. How many.
    """
    different = [
        (subject, number, saved, stands)
        for subject, number, saved, stands in await connection.fetch(BESIDE)
        if masters.unwrapped((subject, number), saved)
        != masters.unwrapped((subject, number), stands)
    ]
    if different:
        await connection.execute(AGAIN, *zip(*different, strict=True))
    return len(different)
