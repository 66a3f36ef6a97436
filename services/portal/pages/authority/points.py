"""退回意见: the points that a decision sends back, each a place, a reason and a word."""

from services.portal.web.visit import Posted

ROWS = 20  # points that one decision can return


def filled_in(posted: Posted) -> list[dict[str, str]]:
    """The points that were typed."""
    points: list[dict[str, str]] = []
    for number in range(ROWS):
        point = {name: posted.one(f"{name}-{number}") for name in ("pointer", "reason", "text")}
        if any(point.values()):
            points.append(point)
    return points
