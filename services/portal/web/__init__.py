"""A visit: who it is, in which language, what the services answer, how a page leaves."""
