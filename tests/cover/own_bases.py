"""Base images as people make them for themselves, each with what a program's image must not trip over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cover.rows import Row
from tests.engine import images

_OTHER_ROOTS = "/etc/pki/tls/certs/ca-bundle.crt"
_INHERITED = """\
HEALTHCHECK --interval=1s CMD ["/bin/false"]
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/bin/echo", "the base's own program"]
CMD ["with its arguments"]
"""

DOCKERFILES = {
    # A user and a home of its own, and certificates where Red Hat has them, behind a link as there.
    "go-glibc": f"""\
FROM golang:1.27-trixie
RUN useradd --create-home --uid 4711 builder \\
 && mkdir -p /etc/pki/tls/certs /etc/pki/extracted \\
 && mv /etc/ssl/certs/ca-certificates.crt /etc/pki/extracted/tls.pem \\
 && ln -s /etc/pki/extracted/tls.pem {_OTHER_ROOTS} && rm -rf /etc/ssl/certs
USER builder
WORKDIR /home/builder
{_INHERITED}""",
    # Certificates in the last place where Go looks, and modules in a folder of the user's.
    "go-musl": f"""\
FROM golang:1.27-alpine3.24
RUN rm /etc/ssl/cert.pem && mv /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem \\
 && adduser -D -u 4711 builder && mkdir /modules && chown builder /modules
ENV GOPATH=/modules
USER 4711:4711
{_INHERITED}""",
    "glibc": f"""\
FROM debian:trixie-slim
RUN useradd --uid 4711 --comment 'A person, with blanks' service \\
 && printf %s "$(cat /etc/passwd)" > /etc/passwd
RUN mkdir -p /data && chown service /data
USER service
WORKDIR /data
VOLUME /data
{_INHERITED}""",
    "musl": f"""\
FROM alpine:3.24
RUN adduser -D -u 4711 service
USER service:service
{_INHERITED}""",
    "glibc-without-shell": f"""\
FROM gcr.io/distroless/base-debian13:nonroot
{_INHERITED}""",
    # No /etc, no /tmp, no user.
    "bare": f"""\
FROM scratch
COPY --from=busybox:1.38-musl /bin/busybox /opt/busybox
USER 4711
{_INHERITED}""",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A row whose ``builder`` and ``runtime`` are names of ``DOCKERFILES``, or known images."""

    app: str
    builder: str
    runtime: str
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return "-".join((self.app, self.builder, self.runtime, *(key for key, _ in self.answers)))

    @property
    def own(self) -> tuple[str, ...]:
        return tuple(name for name in (self.builder, self.runtime) if name in DOCKERFILES)

    def row(self, references: dict[str, str], facts: dict[str, str]) -> Row:
        """The row with these references, and these lines of facts, by the names of the bases."""
        read = {"image": "\n".join(facts.values())} if facts else {}
        bases = {"builder": self.builder, "runtime": self.runtime}
        named = {key: references.get(name, name) for key, name in bases.items()}
        return Row(self.app, tuple((read | named).items()) + self.answers)


CASES = (
    Case("echo", "go-glibc", "glibc"),
    Case("http", "go-musl", "musl"),
    Case("cgo", "go-glibc", "glibc-without-shell"),
    Case("tlsclient", "go-glibc", "bare"),
    Case("tlsclient", "go-musl", "scratch"),
    Case("netuser", "go-musl", "bare", (("user-name", "app"),)),
    Case("netuser", "golang-trixie", "glibc", (("user-name", "app"),)),
    Case("netuser", "golang-trixie", "glibc", (("user", "service"),)),
    Case("files", "golang-trixie", "musl", (("file", "templates, motto.txt"),)),
    Case("zones", "go-glibc", "bare", (("zones", "copy"),)),
    Case("http", "golang-trixie", "glibc", (("writable-dir", "/data"), ("user", "service"))),
    Case("echo", "go-glibc", "golang"),
    Case("netuser", "go-musl", "golang", (("user-name", "app"),)),
    Case("http", "golang-trixie", "bare", (("health", "http /healthz"),)),
)


def made(client: Any, names: tuple[str, ...]) -> dict[str, str]:
    """What the bases of these names are called in that engine's store."""
    repository = "localhost/dockwright-test/own-{}"
    return {name: images.kept(client, repository.format(name), DOCKERFILES[name]) for name in names}
