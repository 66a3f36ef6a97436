"""A mock of the authority's own systems: an honest mode and as many misbehaviours as came to mind.
It shares no code with the checks of the review service, so that it can be given to partners.
"""
