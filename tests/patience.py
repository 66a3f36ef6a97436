"""How long a test waits for what must come. It is never a promise of speed: a busy machine takes
its time, and a test that waits in vain has failed anyway.
"""

PATIENCE = 180.0  # seconds
