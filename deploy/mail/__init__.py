"""The development mail sink: takes every message, shows it to whoever asks."""
