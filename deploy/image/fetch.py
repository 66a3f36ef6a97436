"""`python -m deploy.image.fetch FOLDER VERSION`: Kafka's jars and a Keycloak, from Maven Central or
the repository KAOHE_MAVEN, into FOLDER/kafka/libs and FOLDER/keycloak.
"""

import os
import shutil
import sys
import zipfile
from pathlib import Path

from jgo.maven import MavenContext

from deploy.embedded.kafka import jars


def fetched(folder: Path, version: str) -> None:
    libs = folder / "kafka" / "libs"
    libs.mkdir(parents=True)
    os.environ.pop("KAFKA_HOME", None)
    for jar in jars():
        shutil.copy(jar, libs)
    mirror = os.environ.get("KAOHE_MAVEN")
    context = MavenContext(remote_repos={"mirror": mirror}) if mirror else MavenContext()
    project = context.project("org.keycloak", "keycloak-quarkus-dist").at_version(version)
    with zipfile.ZipFile(project.artifact(packaging="zip").resolve()) as archive:
        archive.extractall(folder)
    (folder / f"keycloak-{version}").rename(folder / "keycloak")
    shutil.rmtree(folder / ".m2", ignore_errors=True)


if __name__ == "__main__":
    fetched(Path(sys.argv[1]), sys.argv[2])
