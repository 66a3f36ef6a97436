"""`token`: a development access token."""

import sys
from random import Random

from cyclopts import App

from deploy.demo.people import credit_code
from deploy.installation.places import endpoints
from deploy.installation.tokens import access_token

NEW = "new"  # in place of a credit code


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
    (--city 410100). `--org new` makes up a credit code for an enterprise that nobody has registered
    yet, and says it beside the token; the portal takes it at its sign-in as well.
    """
    if org == NEW:
        org = credit_code(Random())
        print(f"统一社会信用代码 credit code: {org}", file=sys.stderr)
    print(access_token(endpoints(), role, org=org, city=city, user=user, office=office))
    return 0
