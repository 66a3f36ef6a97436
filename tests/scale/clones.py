"""Many enterprises like one: every row that its story left in the tables, again for each of them.

Whatever says which enterprise it is (identifiers, numbers, names, cities) is another's, the same
wherever it stands, so that rows of clones join as those of the first do; codes stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from deploy.demo import people
from libs.events.pools import Connection
from libs.events.projection import Projection
from libs.events.readmodel import ReadModel
from libs.filing.identifiers import enterprise_id

# what an installation has however many enterprises there are
ONCE = frozenset({"campaigns", "reference", "clock"})
CITIES = [f"41{n:02}00" for n in range(1, 19)]
# of jsonb: claims are told apart by their marks; of contents only certificates are ever asked for
FUNCTIONS = """
CREATE TABLE firms (i int PRIMARY KEY, id uuid, uscc text, name text, city text);
CREATE FUNCTION digits(seed text, i int) RETURNS text IMMUTABLE LANGUAGE sql RETURN
    md5(seed || ' ' || i);
CREATE FUNCTION cloned(v uuid, f firms) RETURNS uuid IMMUTABLE LANGUAGE sql RETURN
    CASE WHEN v = '{id}' THEN f.id
         WHEN v = '{campaign}' THEN v
         WHEN v = '{publicity}' THEN digits(v::text, f.i / 100)::uuid
         ELSE digits(v::text, f.i)::uuid END;
CREATE FUNCTION cloned(v text, f firms) RETURNS text IMMUTABLE LANGUAGE sql RETURN
    CASE WHEN v = '{uscc}' THEN f.uscc
         WHEN v = '{name}' THEN f.name
         WHEN v = '{city}' THEN f.city
         WHEN v ~ '^[0-9a-f]{{64}}$' THEN digits(v, f.i) || digits(v, -f.i)
         WHEN v ~ '[0-9]{{4}}' THEN left(v, -6) || upper(left(digits(v, f.i), 6))
         WHEN v ~ '[^\\x01-\\x7f]' THEN v || f.i
         ELSE v END;
CREATE FUNCTION cloned(v text[], f firms) RETURNS text[] IMMUTABLE LANGUAGE sql RETURN
    (SELECT coalesce(array_agg(cloned(each, f)), '{{}}') FROM unnest(v) each);
CREATE FUNCTION cloned(v jsonb, f firms) RETURNS jsonb IMMUTABLE LANGUAGE sql RETURN
    CASE WHEN jsonb_typeof(v) = 'array'
         THEN regexp_replace(v::text, '([^\\x01-\\x7f])"', '\\1' || f.i || '"', 'g')::jsonb
         ELSE jsonb_strip_nulls(jsonb_build_object('certificates', v -> 'certificates')) END;
CREATE FUNCTION cloned(v date, f firms) RETURNS date IMMUTABLE LANGUAGE sql RETURN
    v - (f.i * 37) % 300;
CREATE FUNCTION cloned(v timestamptz, f firms) RETURNS timestamptz IMMUTABLE LANGUAGE sql RETURN
    v - (f.i * 37) % 300 * interval '1 day';
"""
CLONED = ("uuid", "text", "text[]", "jsonb", "date", "timestamptz")


@dataclass(frozen=True)
class Original:
    """Of whom all are clones. The campaign belongs to all of them, a publicity to a hundred."""

    id: str
    uscc: str
    name: str
    city: str
    campaign: str
    publicity: str


class Clones:
    """Of one service's tables, which hold what the original's story left, and nothing else."""

    def __init__(self, connection: Connection, projections: Iterable[Projection]) -> None:
        self._connection = connection
        self._models = [model for each in projections for model in each.tables.values()]

    async def learn(self, original: Original) -> None:
        await self._connection.execute(FUNCTIONS.format(**vars(original)))
        for model in self._models:
            await self._connection.execute(f"CREATE TABLE first_{model.name} AS TABLE {model.name}")

    async def fill(self, number: int) -> None:
        """The tables hold the original, this many clones, and nothing else; statistics as
        autovacuum keeps them.
        """
        tables = ", ".join(model.name for model in self._models)
        await self._connection.execute(f"TRUNCATE firms, {tables}")
        await self._connection.copy_records_to_table("firms", records=_firms(number))
        for model in self._models:
            await self._connection.execute(_filling(model))
        await self._connection.execute("VACUUM ANALYZE")


def _filling(model: ReadModel[Any]) -> str:
    columns = ", ".join(model.columns)
    first = f"SELECT {columns} FROM first_{model.name}"
    if model.name in ONCE:
        return f"INSERT INTO {model.name} ({columns}) {first}"
    given = ", ".join(
        f"cloned(t.{column}, f)" if type.split()[0] in CLONED else f"t.{column}"
        for column, type in model.columns.items()
    )
    clones = f"SELECT {given} FROM first_{model.name} t, firms f"
    return f"INSERT INTO {model.name} ({columns}) {first} UNION ALL {clones} ON CONFLICT DO NOTHING"


def _firms(number: int) -> Iterator[tuple[int, UUID, str, str, str]]:
    random = Random(4711)  # other enterprises than those of the stories
    for i in range(number):
        uscc = people.credit_code(random)
        yield i, enterprise_id(uscc), uscc, f"{_word(random)}设计有限公司", CITIES[i % 18]


def _word(random: Random) -> str:
    return "".join(chr(0x4E00 + random.randrange(3000)) for _ in range(4))
