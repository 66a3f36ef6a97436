"""The bus as a process's settings say it."""

import ssl

from libs.chassis.process.settings import Kafka
from libs.events.kafka import Bus, KafkaSettings


def bus(kafka: Kafka, client: str) -> Bus:
    """`client`: as the broker knows us."""
    return Bus(KafkaSettings(kafka.bootstrap, client, kafka.security(), _tls(kafka)))


def _tls(kafka: Kafka) -> ssl.SSLContext | None:
    if not kafka.security_protocol.endswith("SSL"):
        return None
    context = ssl.create_default_context(cafile=str(kafka.ca_pem) if kafka.ca_pem else None)
    if kafka.certificate_pem:
        context.load_cert_chain(kafka.certificate_pem, kafka.key_pem)
    return context
