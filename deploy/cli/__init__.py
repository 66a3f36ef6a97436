"""The command line: the only package that knows services, libs and the local stack."""
