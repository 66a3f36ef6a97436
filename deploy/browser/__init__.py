"""Debian's Chromium at the running portal."""
