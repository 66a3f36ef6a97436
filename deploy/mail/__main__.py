"""`python -m deploy.mail HOST SMTP_PORT HTTP_PORT FOLDER`: messages are kept as .eml files, named
by their Message-ID.

A second delivery of the same Message-ID replaces the first, as mailboxes that know what they do
behave.
"""

import asyncio
import hashlib
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from fastapi import FastAPI, HTTPException, Response


class Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  named by aiosmtpd
        message = message_from_bytes(envelope.content, policy=policy.default)
        name = hashlib.sha256(str(message["message-id"]).encode()).hexdigest()[:24]
        new = self._folder / f"{name}.new"
        await asyncio.to_thread(new.write_bytes, envelope.content)
        new.replace(self._folder / f"{name}.eml")
        return "250 OK"


def application(folder: Path) -> FastAPI:
    app = FastAPI(title="Kaohe mail sink", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/messages")
    def messages() -> list[dict[str, Any]]:
        return [
            _line(path)
            for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)
        ]

    @app.get("/messages/{name}")
    def message(name: str) -> Response:
        path = folder / f"{name}.eml"
        if not name.isalnum() or not path.exists():
            raise HTTPException(404)
        return Response(path.read_bytes(), media_type="message/rfc822")

    return app


def _line(path: Path) -> dict[str, Any]:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = [part.get_filename() for part in mail.iter_attachments()]
    return {
        "name": path.stem,
        "message_id": mail["message-id"],
        "to": mail["to"],
        "subject": mail["subject"],
        "attachments": parts,
    }


if __name__ == "__main__":
    host, smtp_port, http_port, folder = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    Controller(
        Keeper(Path(folder)), hostname=host, port=int(smtp_port), data_size_limit=64 * 1024 * 1024
    ).start()
    uvicorn.run(application(Path(folder)), host=host, port=int(http_port), log_level="warning")
