"""`./kaohe demo`: the operator's manual, played through the public APIs."""
