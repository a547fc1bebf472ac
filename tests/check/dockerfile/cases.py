"""For each rule what it sees and what it does not, beyond the examples of its page."""

P = "FROM python:3.12-slim\n"  # what most begin with
M = "RUN --mount=type=cache,target="

# id: (seen, not seen)
CASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "SR101": (
        (
            f"{P}USER root",
            f"{P}USER 1\nUSER 0:0",
            "FROM python:3.12 AS a\nUSER root\nFROM a",
            f"ARG U=0\n{P}ARG U\nUSER $U",
        ),
        (f"{P}USER 1", "FROM mine", "FROM scratch", "FROM python:3.12 AS a\nUSER 5\nFROM a", f"{P}USER root\nUSER 5"),
    ),
    "SR102": ((f"{P}USER app:app",), (f"{P}USER 5", P, f"{P}USER root", f"{P}USER $APP")),
    "SR103": ((f"{P}USER 1",), (f"{P}USER 0", f"{P}USER app", P)),
    "SR104": (
        ("FROM python:3.12 AS a\nRUN useradd app\nFROM python:3.12\nUSER app", "FROM alpine:3\nUSER web"),
        (
            P,
            "FROM mine\nUSER app",
            f"{P}USER nobody",
            f"{P}RUN ./users.sh\nUSER app",
            f"{P}USER 5",
            "FROM alpine:3\nRUN adduser -D web\nUSER web",
            f"{P}ENV U=app\nRUN adduser $U\nUSER app",
            f"{P}COPY --from=x /etc/passwd /etc/passwd\nUSER app",
            f"{P}RUN <<E\nuseradd app\nE\nUSER app",
            f"{P}USER $APP",
        ),
    ),
    "SR105": (
        (f"{P}ENTRYPOINT run.sh", f'{P}CMD ["a"]\nCMD a', f"{P}CMD PORT=1 a"),
        (
            f"{P}CMD exec a",
            f"{P}CMD ",
            P,
            f'{P}ENTRYPOINT ["tini", "--"]\nCMD ["a"]',
            "FROM a AS b\nCMD a\nFROM c",
            f"{P}CMD cd /app && exec a",
            f"{P}CMD # nothing",
        ),
    ),
    "SR106": (
        (f'{P}ENTRYPOINT ["/bin/bash", "-c", "a; b"]', f'{P}CMD ["sh", "-ec", "a\\nb"]', f'{P}CMD ["sh", "-c", "a"]'),
        (
            f'{P}CMD ["bash", "-c", "a"]',
            f'{P}CMD ["sh", "-c", "exec a"]',
            f'{P}CMD ["sh", "-c", ""]',
            f'{P}CMD ["sh", "run.sh", "x"]',
            f'{P}CMD ["a", "-c", "b; c"]',
            f"{P}CMD a && b",
        ),
    ),
    "SR107": ((f"{P}HEALTHCHECK --start-period=5s CMD a",), (P, f"{P}HEALTHCHECK NONE")),
    "SR108": ((f"{P}HEALTHCHECK --interval=5s --timeout=9s CMD a",), (P, f"{P}HEALTHCHECK NONE")),
    "SR109": (
        (
            f"{P}HEALTHCHECK CMD true",
            f"{P}HEALTHCHECK CMD a || true",
            f"{P}HEALTHCHECK CMD a; exit 0",
            f"{P}HEALTHCHECK CMD a || echo bad",
            f'{P}HEALTHCHECK CMD ["sh", "-c", "a || :"]',
            f'{P}HEALTHCHECK CMD ["true"]',
        ),
        (
            f"{P}HEALTHCHECK CMD a && exit 0",
            f"{P}HEALTHCHECK CMD a && echo good",
            f"{P}HEALTHCHECK CMD a || exit 1",
            f"{P}HEALTHCHECK CMD a || exit",
            f"{P}HEALTHCHECK NONE",
            f"{P}HEALTHCHECK CMD a || kill 1",
        ),
    ),
    "SR110": (
        (f"{P}HEALTHCHECK CMD curl -s http://a || exit 1", f'{P}HEALTHCHECK CMD ["curl", "http://a"]'),
        (
            f"{P}HEALTHCHECK CMD curl -sf http://a",
            f"{P}HEALTHCHECK CMD curl --fail-with-body http://a",
            f"{P}HEALTHCHECK CMD curl -s http://a | grep ok",
            f"{P}HEALTHCHECK CMD curl -o /dev/null -w '%{{http_code}}' http://a",
            f"{P}HEALTHCHECK CMD wget -qO- http://a",
        ),
    ),
    "SR111": (
        ("FROM node:24-alpine\nHEALTHCHECK CMD curl -f http://a", "FROM scratch\nHEALTHCHECK CMD wget http://a"),
        (
            "FROM node:24-alpine\nHEALTHCHECK CMD wget http://a",
            f"{P}RUN apt-get install curl\nHEALTHCHECK CMD curl -f http://a",
            f"{P}RUN apt-get install netcat-openbsd\nHEALTHCHECK CMD nc -z a 1",
            f"{P}COPY --from=x /usr/bin/curl /usr/bin/curl\nHEALTHCHECK CMD curl -f http://a",
            "FROM mine\nHEALTHCHECK CMD curl -f http://a",
            P,
            f"{P}HEALTHCHECK CMD /probe",
        ),
    ),
    "SR112": (
        (
            'FROM node:24-alpine\nHEALTHCHECK CMD ["wget", "http://localhost/x"]',
            "FROM alpine:3 AS a\nFROM a\nHEALTHCHECK CMD nc -z localhost 80 || exit 1",
        ),
        (
            "FROM alpine:3\nHEALTHCHECK CMD wget http://localhost.example",
            "FROM alpine:3\nHEALTHCHECK CMD curl -f http://localhost",
            f"{P}HEALTHCHECK CMD wget http://localhost",
            "FROM alpine:3\nHEALTHCHECK CMD wget http://127.0.0.1",
        ),
    ),
    "SR113": (
        (f"{P}RUN apt-get install -y a", f"{P}RUN apt-get -y update && echo"),
        (
            f"{P}RUN apt-get update && apt-get upgrade -y",
            f"{P}RUN apt-get install -y ./a.deb",
            f"{P}RUN apt-get update && ./install.sh",
            f"{P}RUN apt-get update && playwright install --with-deps",
            f"{P}{M}/var/lib/apt apt-get install -y a",
            f"{P}RUN <<E\napt-get update\napt-get install -y a\nE",
            f"{P}RUN set -e; apt-get -qq update; apt-get -qq install a",
        ),
    ),
    "SR114": (
        (f"{P}RUN apt-get update && apt-get install -y --no-install-recommends a",),
        (
            f"{P}{M}/var/lib/apt/lists apt-get update && apt-get install a",
            "FROM a AS b\nRUN apt-get update\nFROM c\nCOPY --from=b /x /",
        ),
    ),
    "SR115": (
        (f"{P}RUN apt install -y a",),
        (f"{P}RUN apt-get install -y -o APT::Install-Recommends=false a", f"{P}RUN apt-get install -f"),
    ),
    "SR116": (
        (f"{P}RUN python -m pip install a", f"{P}RUN pip3 install a"),
        (
            f"{P}ENV PIP_NO_CACHE_DIR=1\nRUN pip install a",
            f"{P}RUN PIP_NO_CACHE_DIR=1 pip install a",
            f"{P}RUN uv pip install a",
            f"{P}RUN pip list",
            f"FROM a AS b\nRUN pip install a\n{P}COPY --from=b /x /x",
        ),
    ),
    "SR117": (
        (
            "FROM python:latest",
            "FROM mine/x",
            "FROM nginx:alpine",
            f"{P}COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/",
        ),
        (
            "FROM scratch",
            "FROM a:1 AS b\nFROM b",
            "FROM python@sha256:0",
            "FROM $BASE",
            "FROM debian:bookworm-slim",
            f"{P}COPY --from=ghcr.io/astral-sh/uv:0.13 /uv /bin/\nCOPY --from=$X/y /a /b",
        ),
    ),
    "SR118": (
        ("FROM node:18-alpine", "FROM python:3.12-slim-bullseye", "FROM debian:bullseye", "FROM postgres:13"),
        ("FROM node:24", "FROM mine/python:3.8", "FROM debian:trixie-slim", "FROM python:3.12.4-slim"),
    ),
    "SR119": (
        ("FROM a\nADD http://a.org/x /x",),
        ("FROM a\nADD https://a.org/x.git#main /x", "FROM a\nADD x /x", "FROM a\nADD <<E /x\nE"),
    ),
    "SR120": (
        ('FROM a\nADD ["a b", "/x"]', "FROM a\nADD --chown=1 a /x", "FROM a\nADD a \\\n /x"),
        (
            "FROM a\nADD a.tar.gz /x",
            "FROM a\nADD https://a.org/x /x",
            "FROM a\nADD <<E /x\nE",
            "FROM a\nADD --unpack=true a /x",
            "FROM a\nADD $A /x",
            "FROM a\nADD git@a.org:b /x",
        ),
    ),
    "SR121": (
        (
            "FROM a\nENV DB_PASSWORD 'x y'",
            "FROM a\nENV A=1 API_KEY=$KEY",
            "FROM a\nENV DATABASE_URL=postgres://u:pw@db/x",
        ),
        (
            "FROM a\nENV API_KEY=",
            'FROM a\nENV TOKEN=""',
            "FROM a\nENV MAX_TOKENS=5 TOKENIZERS_PARALLELISM=false",
            "FROM a\nENV DB_PASSWORD_FILE=/run/x",
            "FROM a\nENV SECRET=/run/secrets/x",
            "FROM a\nENV DATABASE_URL=postgres://u:$PW@db/x",
        ),
    ),
    "SR122": (
        ("ARG PASSWORD=x\nFROM a", "FROM a\nARG URL=redis://:pw@r"),
        ("FROM a\nARG PASSWORD", "FROM a\nARG PASSWORD=", "FROM a\nARG VERSION=1"),
    ),
    "SR123": (
        ("FROM a\nARG NPM_TOKEN\nRUN <<E\nx ${NPM_TOKEN}\nE",),
        ("FROM a\nARG NPM_TOKEN\nRUN x", "FROM a\nARG V\nRUN x $V", "FROM a\nARG TOKEN\nENV TOKEN=\nRUN x $TOKEN"),
    ),
    "SR124": (
        (
            "FROM a\nCOPY config/.env.production /x",
            "FROM a\nADD tls/server.key /x",
            "FROM a\nCOPY --chmod=600 id_rsa /root/.ssh/",
        ),
        (
            "FROM a\nCOPY --from=b /x/.env /y",
            "FROM a\nCOPY .env.sample ca.pem public.pem x.keys /x/",
            "FROM a\nCOPY . .",
        ),
    ),
    "SR125": (
        (
            "FROM a\nCOPY x y /t/\nRUN rm -rf /t/y",
            "FROM a\nADD x .\nRUN a && rm ./x",
            "FROM a\nCOPY ./a/x ./\nRUN rm x",
        ),
        (
            "FROM a\nCOPY x /t/x\nRUN rm -rf /t/z",
            "FROM a AS b\nCOPY x /t/x\nRUN rm /t/x\nFROM c\nCOPY --from=b /y /y",
            "FROM a\nRUN rm /t/x\nCOPY x /t/x",
            "FROM a\nCOPY x /t/x\nRUN ls\nUSER 1",
        ),
    ),
    "SR126": (
        (
            "FROM a\nCOPY ./ /app\nRUN npm ci && npm run build",
            "FROM a\nADD . .\nRUN poetry install --no-root",
            "FROM a\nCOPY . .\nRUN ls\nRUN pip install -rrequirements.txt",
        ),
        (
            "FROM a\nCOPY lock .\nRUN uv sync\nCOPY . .\nRUN uv sync",
            "FROM a\nCOPY --from=b . .\nRUN npm ci",
            "FROM a\nCOPY . .\nRUN pip install .",
            "FROM a\nCOPY . .\nUSER 1",
        ),
    ),
    "SR127": (
        (
            f'{P}CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]',
            f'{P}CMD ["uvicorn", "a:b", "--reload"]',
            f"{P}CMD npm run dev",
            f'{P}CMD ["npx", "next", "dev"]',
            f'{P}CMD ["vite"]',
            f'{P}ENTRYPOINT ["/app/.venv/bin/flask"]\nCMD ["run"]',
            f"{P}CMD sh -c x && exec flask run",
        ),
        (
            P,
            f"{P}CMD ",
            f"{P}CMD []",
            f'{P}CMD ["npm", "start"]',
            f'{P}CMD ["uvicorn", "a:b"]',
            "FROM a AS dev\nCMD flask run",
            'FROM a AS x\nCMD flask run\nFROM b\nCMD ["gunicorn"]',
        ),
    ),
    "SR128": (
        ("FROM alpine:3\nRUN apk add --no-cache build-base", f"{P}RUN apt-get install -y libxml2-dev"),
        (
            f"{P}RUN apt-get install gcc && x && apt-get purge -y gcc",
            "FROM alpine:3\nRUN apk add --virtual .deps gcc && x && apk del .deps",
            f"FROM a AS b\nRUN apt-get install gcc\n{P}COPY --from=b /x /x",
            f"{P}RUN apt-get install libpq5",
        ),
    ),
    "SR129": ((f"{P}RUN apt-get install -y sudo",), (f"{P}RUN echo sudo",)),
    "SR130": (
        (f"{P}COPY --chmod=0777 a b", f"{P}RUN chmod a+rwx /x", f"{P}RUN chmod 666 /x", f"{P}RUN chmod o+w /x"),
        (
            f"{P}RUN chmod 755 /x && chmod +x /y",
            f"{P}RUN chmod 1777 /tmp",
            f"{P}RUN chmod 777 /tmp",
            f"{P}COPY --chmod=755 a b",
            f"{P}RUN x 777",
        ),
    ),
    "SR131": ((f"{P}HEALTHCHECK NONE\nHEALTHCHECK CMD a",), ("FROM a AS b\nCMD x\nFROM b\nCMD y",)),
    "SR132": (
        ('FROM a AS b\nENTRYPOINT ["x"]\nFROM c\nCOPY --from=0 /x /x',),
        (
            'FROM a AS b\nCMD x\nFROM c\nCOPY --from=b /x /x\nENTRYPOINT ["y"]',
            "FROM a AS b\nCMD x\nFROM c",
            "FROM a AS b\nHEALTHCHECK CMD x\nFROM b",
        ),
    ),
    "SR133": (
        ('FROM a\nENTRYPOINT ["x"]\nCMD y z', 'FROM a AS b\nENTRYPOINT x\nFROM b\nCMD ["y"]'),
        (
            "FROM a\nCMD x",
            "FROM a\nENTRYPOINT x",
            'FROM a\nENTRYPOINT ["x"]\nCMD ["y"]',
            "FROM a\nENTRYPOINT x\nCMD ",
            "FROM a\nENTRYPOINT []\nCMD x",
        ),
    ),
    "SR134": (
        (f"{P}WORKDIR 'app'",),
        (
            f"{P}WORKDIR /a\nWORKDIR b",
            f"{P}WORKDIR $A",
            "FROM a AS b\nWORKDIR /x\nFROM b\nWORKDIR y",
            'FROM a\nWORKDIR "/x"',
            "FROM a\nWORKDIR C:/x",
        ),
    ),
    "SR135": (
        (f"{P}RUN mkdir /x && cd /x",),
        (f"{P}RUN cd /x && make", f"{P}RUN (cd /x; make)", f'{P}RUN ["a"]', f"{P}RUN # x"),
    ),
    "SR136": (
        ("FROM a\nEXPOSE 0", "FROM a\nEXPOSE 80 8080:80", "FROM a\nEXPOSE 1-70000", "FROM a\nEXPOSE http"),
        ("FROM a\nEXPOSE 80/tcp 53/UDP 3000-3010", "FROM a\nARG P=1\nEXPOSE $P"),
    ),
    "SR137": (("FROM a\nEXPOSE 443/tcp 8080\nUSER 5",), ("FROM a\nEXPOSE 80", "FROM a\nEXPOSE 1-9\nUSER 5")),
    "SR138": (
        ("FROM a\nFROM b\nFROM c\nCOPY --from=1 /x /x",),
        ("FROM a\nFROM b\nRUN --mount=from=0,target=/x y", "FROM a AS test\nFROM b", "FROM a"),
    ),
    "SR139": (
        (
            "FROM a AS b\nCOPY --from=b /x /y",
            "FROM a\nCOPY --from=0 /x /y",
            "FROM a\nCOPY --from=later /x /y\nFROM b AS later",
            "FROM a AS builder\nFROM b\nRUN --mount=from=bulider,target=/x y",
        ),
        (
            "FROM a\nFROM b\nCOPY --from=0 /x /y",
            "FROM a AS builder\nFROM b\nCOPY --from=nginx /x /y\nCOPY --from=build:1 /x /y\nCOPY --from=a/build /x /y",
            "FROM a AS B\nFROM c\nCOPY --from=b /x /y\nCOPY x y",
            "FROM a\nCOPY --from=composer /x /y",
            "FROM a\nARG X\nCOPY --from=$X /x /y",
        ),
    ),
    "SR140": (("FROM a AS nginx",), ("FROM a AS web", "FROM a")),
    "SR141": (
        (
            "ARG V=1\nFROM a\nENV X=${V}",
            "ARG V=1\nFROM a AS b\nARG V\nFROM c\nLABEL v=$V",
            "ARG V=1\nFROM a\nRUN <<E\nx ${V}\nE",
            'ARG V=1\nFROM a\nVOLUME ["/$V"]',
        ),
        (
            "ARG V=1\nFROM a:$V",
            "ARG V=1\nFROM a AS b\nENV V=2\nFROM b\nRUN x $V",
            "ARG V=1\nFROM a\nRUN V=2; x $V",
            "ARG V=1\nFROM a\nRUN for V in 1 2; do x $V; done",
            "ARG V=1\nFROM a\nRUN x \\$V ${VERSION}",
            "ARG V=1\nFROM a\nENV X=${V:-2}",
            "ARG V=1\nFROM a\nCMD x $V",
        ),
    ),
    "SR142": (
        (f"{P}COPY $SRC /x", f"{P}WORKDIR ${{APP_HOME}}", f"{P}EXPOSE $PORT"),
        (
            f"{P}ENV PATH=/x:$PATH X=${{Y:-1}}",
            "FROM mine\nENV A=$B",
            f"{P}ARG B\nENV A=$B",
            f"ARG B=1\n{P}ENV A=$B",
            f"{P}ENV A=$PYTHON_VERSION B='$C' D=\\$E F=$1",
            f"{P}RUN x $Y\nCMD x $Y",
        ),
    ),
    "SR143": (
        (f'{P}CMD ["/app/.venv/bin/gunicorn", "a:b"]', f"{P}CMD exec python3 a.py"),
        (
            P,
            f'{P}CMD ["python", "-u", "a.py"]',
            f'{P}CMD ["nginx"]',
            f"{P}CMD []",
            f'{P}ENV PYTHONUNBUFFERED=1\nCMD ["python", "a.py"]',
        ),
    ),
    "SR144": (
        (f"{P}ENV PYTHONDONTWRITEBYTECODE=1\nADD a /a\nRUN pip install b",),
        (
            f"{P}ENV PYTHONDONTWRITEBYTECODE=1 UV_COMPILE_BYTECODE=1\nCOPY a /a",
            f"{P}COPY a /a",
            f"{P}ENV PYTHONDONTWRITEBYTECODE=1",
        ),
    ),
    "SR145": (
        (f"{P}RUN python -m pip install -U pip setuptools wheel",),
        (f"{P}RUN pip install --upgrade shop==1", f"{P}RUN ls"),
    ),
    "SR146": (
        (f"{P}RUN pip install --no-cache-dir -q 'uvicorn[standard]'", f"{P}RUN uv pip install --system flask"),
        (
            f"{P}RUN pip install a==1 'b>=2' -r c.txt -c d.txt ./e . $F /w/*.whl git+https://a.org/b",
            f"{P}RUN pip install --no-index --find-links /w a",
            f"{P}RUN pip install pip",
            f"{P}RUN pip install -e .[dev]",
        ),
    ),
    "SR147": (
        (
            "FROM a\nRUN yarn",
            "FROM a\nRUN pnpm install --prod",
            "FROM a\nRUN npm i --omit=dev",
            "FROM a\nRUN yarn install",
        ),
        (
            "FROM a\nRUN npm install -g npm@11",
            "FROM a\nRUN npm install left-pad@1",
            "FROM a\nRUN yarn install --frozen-lockfile && yarn build",
            "FROM a\nRUN if [ -f x ]; then npm ci; else npm install; fi",
        ),
    ),
    "SR148": (
        (
            "FROM python:3.12-slim AS b\nFROM python:3.12-alpine\nCOPY --from=b /opt/venv /opt/venv",
            "FROM python:3.8 AS b\nFROM python:3.12\nCOPY --from=b /root/.local /root/.local",
        ),
        (
            "FROM python:3.12 AS b\nFROM python:3.12-slim\nCOPY --from=b /opt/venv /opt/venv",
            "FROM python:3.12 AS b\nFROM debian:12\nCOPY --from=b /opt/venv /opt/venv",
            "FROM python:3.12 AS b\nFROM python:3.13\nCOPY --from=b /dist /dist\nCOPY a b\nCOPY --from=x /.venv /y",
            "FROM python:3 AS b\nFROM python:3.13\nCOPY --from=b /.venv /.venv",
        ),
    ),
    "SR149": (('FROM a\nVOLUME ["/a", "/b"]',), ("FROM a AS b\nVOLUME /x\nFROM c",)),
    "SR150": (
        (
            f"{P}STOPSIGNAL 9",
            f'{P}STOPSIGNAL SIGINT\nENTRYPOINT ["gunicorn"]',
            f"{P}STOPSIGNAL QUIT\nCMD exec celery worker",
        ),
        (
            P,
            'FROM nginx:1\nSTOPSIGNAL SIGQUIT\nCMD ["nginx"]',
            f"{P}STOPSIGNAL SIGINT",
            f'{P}STOPSIGNAL SIGINT\nCMD ["uvicorn"]',
            f"{P}STOPSIGNAL SIGINT\nCMD []",
        ),
    ),
    "SR151": (
        ('FROM a\nSHELL ["bash", "-c"]\nRUN curl -f x | tar x',),
        (
            "FROM a\nRUN curl x | sh",
            "FROM a\nRUN set -o pipefail; curl x | tar x",
            "FROM a\nRUN ls | wc",
            "FROM a\nRUN curl -o x y && cat x | wc",
        ),
    ),
    "SR152": (
        (
            "FROM a\nRUN wget -qO- x | bash -s -- y",
            "FROM a\nRUN curl x | sudo -E bash -",
            "FROM a\nRUN curl x | python3 -",
        ),
        ("FROM a\nRUN curl x | tar x", "FROM a\nRUN curl -o x y; sh x"),
    ),
    "SR153": (("FROM $BASE",), ("ARG B=x\nFROM $B",)),
    "SR154": (("FROM --platform=linux/arm64 a",), ("FROM --platform=$BUILDPLATFORM a", "FROM a")),
    "SR155": (('FROM a\nMAINTAINER "me" $x \\\n  more',), ("FROM a\nLABEL maintainer=x",)),
    "SR156": (("FROM a\nLABEL a b c", "FROM a\nENV A b\\\nc"), ("FROM a\nENV A=b C=d", "FROM a\nARG A")),
    "SR157": (("FROM a\nRUN apt update",), ("FROM a\nRUN apt list", "FROM a\nRUN apt-get update")),
    "SR158": (
        (f"{P}CMD poetry run gunicorn a", f'{P}ENTRYPOINT ["/bin/uv", "run"]\nCMD ["a"]'),
        (P, f'{P}CMD ["uv", "--version"]', 'FROM a AS dev\nCMD ["uv", "run", "a"]', f'{P}CMD ["npm", "run"]'),
    ),
    "SR159": (
        (f"{P}ADD a /a\nRUN chmod --recursive a+r /a",),
        (
            f"{P}RUN chown -R 1 /x\nCOPY a /a",
            f"{P}COPY a /a\nRUN chown 1 /a",
            "FROM a AS b\nCOPY x /x\nRUN chown -R 1 /x\nFROM c\nCOPY --from=b /x /x",
        ),
    ),
}
