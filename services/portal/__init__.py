"""The portal: what people see of the system, in a browser. It calls the services' APIs with the
user's own token and keeps nothing of its own but sessions.
"""

from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE / "static"
