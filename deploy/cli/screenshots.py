"""`screenshots`: every page of the portal as a picture."""

import asyncio
from pathlib import Path

from cyclopts import App

from deploy.installation.places import HOME, endpoints
from deploy.issuer.accounts import Accounts


def register(app: App) -> None:
    app.command(screenshots)


def screenshots(folder: Path = Path("screenshots")) -> int:
    """A picture of every page of the portal at 1366×768, of the main ones also at 390, at
    200 % and in English, as each kind of account sees it. The stack is up, and the demo was played.

    Parameters
    ----------
    folder
        Where they are put; made when it is not there.
    """
    from deploy.browser.screenshots import take  # installed with what tests need

    accounts = list(Accounts(HOME.path / "accounts.json").all().values())
    count = asyncio.run(take(endpoints()["portal"]["url"], accounts, folder, print))
    print(f"{count} 张图片 pictures: {folder}")
    return 0
