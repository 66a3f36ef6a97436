"""审计监督: what auditors and operators read. Nothing here writes."""
