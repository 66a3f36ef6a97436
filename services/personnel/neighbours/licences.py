"""Approved certificates of enterprises: whether each is in force, and what it allows."""

from services.certificates import ApprovedCertificates

licences = ApprovedCertificates("licences", ("id", "status", "valid_to", "extended_to", "items"))
