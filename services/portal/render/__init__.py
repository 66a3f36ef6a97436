"""Renderers: from what the services answer to what a template shows. They know no request."""
