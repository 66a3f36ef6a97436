"""An enterprise that has just been registered, and a campaign: enough for requests that fail
before anything is looked at.
"""

from random import Random

from deploy.demo import assessment
from tests.http.http_client import Asker
from tests.http.operations import Operation
from tests.journeys.test_races import registered

CITY, PROVINCE = "410100", "410000"
OFFICES = {"CITY": CITY, "PROV": PROVINCE}


class Firm:
    def __init__(self, asker: Asker) -> None:
        self._asker, self.enterprise = asker, registered(asker.system, Random())
        self.clerk, self.uscc, self.id = (
            self.enterprise.clerk,
            self.enterprise.uscc,
            self.enterprise.id,
        )
        self.campaign = assessment.open_campaign(asker.system.actor("PROV_OFFICER", city=PROVINCE))

    def token(self, role: str) -> str:
        """Of somebody to whom the firm is within reach, as far as it can be."""
        group = role.partition("_")[0]
        return self._asker.token(role, self.uscc if group == "ENT" else OFFICES.get(group, ""))

    def ids(self, operation: Operation) -> dict[str, str]:
        collection = operation.path.split("/")[1]
        return {
            "id": {"enterprises": self.id, "campaigns": self.campaign}.get(collection, self.id),
            "n": "1",
        }
