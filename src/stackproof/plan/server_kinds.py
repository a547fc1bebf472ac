"""Servers beside PostgreSQL and Redis that a stack can bring: one row for each, with what its image wants."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.stack import Software
from stackproof.plan import knowledge


@dataclass(frozen=True, slots=True)
class Server:
    """`{user}`, `{database}` and `{secret}` in the texts are those of the store; the secret's is a file."""

    name: str  # of the service, and of its volume
    title: str
    software: Software
    image: str
    uid: int
    gid: int
    port: int
    data: str | None  # folder of the volume; None: nothing is kept
    holds: str
    command: tuple[str, ...]
    health: str  # a script for sh; fails where the server does not answer as it should
    memory_mb: int
    pids: int
    grace: float
    environment: tuple[tuple[str, str], ...] = ()
    login: tuple[tuple[str, str], ...] = ()  # further variables where it asks for a password
    start: tuple[str, ...] = ()  # instead of `command` where it asks for a password
    health_open: str = ""  # the check where it asks for none
    scratch: tuple[str, ...] = ()
    read_only: bool = True
    guarded: bool = True  # can ask for a password


_MYSQL = 'MYSQL_PWD="$(cat {secret})" exec mariadb -h 127.0.0.1 -P 3306 -u {user} -N -e "SELECT 1"'
# The server that only prepares the data listens on 127.0.0.1 alone: it must not pass for the real one.
_MONGO = 'exec mongosh --quiet --norc "mongodb://{login}$(hostname -i | cut -d" " -f1):27017/admin" --eval '
_PING = "'quit(db.hello().isWritablePrimary ? 0 : 1)'"
_RABBIT = 'export RABBITMQ_DEFAULT_PASS="$(cat {secret})"; exec docker-entrypoint.sh rabbitmq-server'
_ANSWERS = "curl -fsS -m 4 -o /dev/null 'http://127.0.0.1:9200/_cluster/health?wait_for_status=yellow&timeout=2s'"
_SINGLE = (("discovery.type", "single-node"),)

SERVERS: Mapping[str, Server] = {  # by the kind of back end
    "mysql": Server(
        "mysql", "MariaDB", "mariadb", knowledge.MARIADB_IMAGE, 999, 999, 3306, "/var/lib/mysql", "the database",
        ("mariadbd", "--character-set-server=utf8mb4"), _MYSQL, 768, 512, 60.0,
        environment=(
            ("MARIADB_DATABASE", "{database}"), ("MARIADB_USER", "{user}"), ("MARIADB_PASSWORD_FILE", "{secret}"),
            ("MARIADB_RANDOM_ROOT_PASSWORD", "1"),
        ),
        scratch=("/run/mysqld",),
    ),
    "mongodb": Server(
        "mongodb", "MongoDB", "mongodb", knowledge.MONGODB_IMAGE, 999, 999, 27017, "/data/db", "the database",
        ("mongod", "--bind_ip_all"),
        _MONGO.replace("{login}", "{user}:$(cat {secret})@") + _PING, 768, 512, 30.0,
        environment=(("HOME", "@{tmp}"),),
        login=(("MONGO_INITDB_ROOT_USERNAME", "{user}"), ("MONGO_INITDB_ROOT_PASSWORD_FILE", "{secret}")),
        health_open=_MONGO.replace("{login}", "") + _PING,
        scratch=("/data/configdb",),
    ),
    "rabbitmq": Server(
        "rabbitmq", "RabbitMQ", "rabbitmq", knowledge.RABBITMQ_IMAGE, 999, 999, 5672, "/var/lib/rabbitmq",
        "queued messages", ("rabbitmq-server",), "exec rabbitmq-diagnostics -q check_port_listener 5672",
        512, 512, 60.0,
        # The name of the node is a folder of the volume: by the container's own, each new one would begin empty.
        environment=(("RABBITMQ_NODENAME", "rabbit@localhost"),),
        login=(("RABBITMQ_DEFAULT_USER", "{user}"),),
        start=("sh", "-c", _RABBIT),
    ),
    "elasticsearch": Server(
        "elasticsearch", "Elasticsearch", "elasticsearch", knowledge.ELASTICSEARCH_IMAGE, 1000, 0, 9200,
        "/usr/share/elasticsearch/data", "the search index", ("eswrapper",), _ANSWERS, 1536, 2048, 60.0,
        environment=(*_SINGLE, ("xpack.security.enabled", "false"), ("ES_JAVA_OPTS", "-Xms768m -Xmx768m")),
        read_only=False, guarded=False,
    ),
    "opensearch": Server(
        "opensearch", "OpenSearch", "opensearch", knowledge.OPENSEARCH_IMAGE, 1000, 1000, 9200,
        "/usr/share/opensearch/data", "the search index", ("opensearch",), _ANSWERS, 1536, 2048, 60.0,
        environment=(
            *_SINGLE, ("DISABLE_SECURITY_PLUGIN", "true"), ("DISABLE_INSTALL_DEMO_CONFIG", "true"),
            ("OPENSEARCH_JAVA_OPTS", "-Xms768m -Xmx768m"),
        ),
        read_only=False, guarded=False,
    ),
    "smtp": Server(
        "mailpit", "Mailpit", "mailpit", knowledge.MAILPIT_IMAGE, 1000, 1000, 1025, None, "",
        ("--smtp", "0.0.0.0:1025", "--listen", "0.0.0.0:8025"), "exec wget -q -T 2 -O /dev/null http://127.0.0.1:8025/readyz",
        128, 64, 10.0,
        environment=(("MP_SMTP_AUTH_ACCEPT_ANY", "1"), ("MP_SMTP_AUTH_ALLOW_INSECURE", "1")),
        guarded=False,
    ),
}  # fmt: skip
