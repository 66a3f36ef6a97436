"""Tokens are fetched anew by one request of a session; the others of its page wait for it: an
issuer that rotates refresh tokens takes each of them once.
"""

from asyncio import Lock
from weakref import WeakValueDictionary

from services.portal.web.sessions import Session, Sessions
from services.portal.web.signin import SignIn


class Tokens:
    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, Lock] = WeakValueDictionary()

    async def renewed(
        self, sessions: Sessions, sign_in: SignIn, session: Session
    ) -> Session | None:
        """The session with a good token, written down; None if the issuer gives none any more.
        Raises Unavailable.
        """
        lock = self._locks.setdefault(session.id, Lock())
        async with lock:
            found = await sessions.load(session.token)
            if found is None or sign_in.is_fresh(found):
                return found
            if await sign_in.keep_fresh(found):
                await sessions.save(found)
                return found
            again = await sessions.load(session.token)  # another process may have been first
            if again and sign_in.is_good(again):
                return again
            await sessions.end(found)
            return None
