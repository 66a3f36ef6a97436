"""Approved certificates of enterprises, without names of persons."""

from services.certificates import ApprovedCertificates

KEPT = ("id", "class", "issued_on", "valid_to", "extended_to", "status", "items")
certificates = ApprovedCertificates("certificates", KEPT)
