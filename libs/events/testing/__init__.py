"""Tests of event-sourced code without servers: given/when/then, a log, read models."""

from libs.events.testing.scenario import Scenario, facts, given

__all__ = ["Scenario", "facts", "given"]
