"""The installation that is worked on: where it is, who asks it, what time it is there, and how its
logs stand beside their topics. Commands, backups and the demo stand on it.
"""
