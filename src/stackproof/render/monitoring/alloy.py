"""Alloy's pipeline: the containers of this stack alone, their logs, Loki."""

from collections.abc import Iterator

from stackproof.model.stack import Stack

_CONFIG = """\
// Written by stackproof; change stackproof.toml and render again.
discovery.docker "stack" {{
  host = "unix:///var/run/docker.sock"
  filter {{
    name   = "label"
    values = ["com.docker.compose.project={name}"]
  }}
}}

discovery.relabel "stack" {{
  targets = discovery.docker.stack.targets
  rule {{
    source_labels = ["__meta_docker_container_label_com_docker_compose_service"]
    target_label  = "service"
  }}
  rule {{
    source_labels = ["__meta_docker_container_name"]
    target_label  = "container"
  }}
}}

loki.source.docker "stack" {{
  host       = "unix:///var/run/docker.sock"
  targets    = discovery.relabel.stack.output
  labels     = {{ stack = "{name}" }}
  forward_to = [loki.write.here.receiver]
}}

loki.write "here" {{
  endpoint {{
    url = "http://loki:{port}/loki/api/v1/push"
  }}
}}
"""


def files(stack: Stack) -> Iterator[tuple[str, str]]:
    yield "config.alloy", _CONFIG.format(name=stack.name, port=stack.service("loki").port)
