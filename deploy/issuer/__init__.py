"""The development identity provider: OpenID Connect discovery, keys, and tokens for whoever knows
the client's secret.
"""
