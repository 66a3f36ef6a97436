"""`token`: a development access token."""

from cyclopts import App

from deploy.installation.places import endpoints
from deploy.installation.tokens import access_token


def register(app: App) -> None:
    app.command(token)


def token(
    *,
    role: str,
    org: str | None = None,
    city: str | None = None,
    user: str | None = None,
    office: str | None = None,
) -> int:
    """An access token for a role of code list `role`: of an enterprise (--org USCC) or an office
    (--city 410100).
    """
    print(access_token(endpoints(), role, org=org, city=city, user=user, office=office))
    return 0
