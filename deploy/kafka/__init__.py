"""What a Kafka cluster must have for the system: topics with their settings (topics.json), and what
each principal may do with each of them (acl.json).
"""
