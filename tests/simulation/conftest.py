import pytest

from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation
from tests.simulation.world import NAMES, Beginning


@pytest.fixture(scope="session")
def beginning() -> Beginning:
    """Two enterprises whose page is complete, and not yet filed."""
    with Installation(*NAMES) as made:
        firms = [Firm(made, seed) for seed in (1, 2)]
        for firm in firms:
            firm.enterprise.fill_in()
            firm.enterprise.save(firm.enterprise.add("ENT_INIT"))
        return Beginning(
            {name: list(made[name].log.records) for name in NAMES},
            made.setting.keys,
            made.setting.clock,
            [firm.id for firm in firms],
        )
