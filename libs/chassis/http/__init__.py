"""The HTTP side: commands, pages, positions, the edge, health, the OpenAPI document."""
