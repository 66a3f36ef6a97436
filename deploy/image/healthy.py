"""`python -m deploy.image.healthy`: whether the service of this container is ready; status 0 or 1.
It is found by its settings: whichever `<NAME>_HTTP__PORT` is set.
"""

import http.client
import os
import re
import sys
from collections.abc import Mapping

PORT = re.compile(r"[A-Z]+_HTTP__PORT")


def port(environment: Mapping[str, str]) -> int:
    """The port that the settings name, else the default."""
    return next((int(value) for name, value in environment.items() if PORT.fullmatch(name)), 8000)


def main() -> int:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port(os.environ), timeout=4)
        connection.request("GET", "/health/ready")
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
