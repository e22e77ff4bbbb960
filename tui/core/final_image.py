"""What the finished image holds beside its base, and how it starts: read from the plan alone.

The template writes it as a final stage; an engine without Docker can assemble it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.catalog import Runtime
from tui.core.images import builder_of, runtime_of, uid_gid
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import SCRATCH, reference

PROGRAM_DIR = "/usr/local/bin"
PROBE = "healthprobe"
SCRATCH_FOLDERS = (("/etc/ssl/certs", "755"), ("/tmp", "1777"))
"""What programs expect of a system and scratch lacks, with octal modes; owned by root."""

_ROOT_PASSWD, _ROOT_GROUP = "root:x:0:0:root:/:/sbin/nologin", "root:x:0:"
_DEBUG_SCRATCH = "busybox:1.38-musl"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Lines of /etc/passwd and /etc/group that are added to the base's own; scratch has none yet."""

    passwd: tuple[str, ...]
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """``words`` are run without a shell; ``probe`` tells that the image needs a probe for it."""

    words: tuple[str, ...]
    probe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalImage:
    """``base`` is a reference or ``scratch``. ``packages`` are installed by ``manager``; ``roots`` is where
    the base has certificates, empty where it has none.

    ``certificates`` and ``zones`` are copied from the builder. ``programs`` are names in
    ``program_dir``, the first is what starts. ``files`` are paths of the project, which go into
    ``workdir``. ``no_health`` and ``sigterm`` tell that the base's health check and stop signal, which
    are not the program's, are to be undone. ``user`` is ``uid:gid``; ``privileged`` tells that the base
    runs as another user than root, so that installing must become root first.
    """

    base: str
    os: str
    single_stage: bool
    manager: str
    packages: tuple[str, ...]
    roots: str
    privileged: bool
    accounts: Accounts | None
    certificates: bool
    zones: bool
    programs: tuple[str, ...]
    program_dir: str
    files: tuple[str, ...]
    workdir: str
    writable_dirs: tuple[str, ...]
    ports: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    health: HealthCheck | None
    no_health: bool
    sigterm: bool
    user: str

    @property
    def is_scratch(self) -> bool:
        return self.base == SCRATCH

    @property
    def entrypoint(self) -> str:
        """The path of the program that starts, as its system writes it."""
        if self.os == "windows":
            return f"C:\\app\\{self.programs[0]}"
        return f"{self.program_dir}/{self.programs[0]}"


def final_image(project: Project, plan: Plan) -> FinalImage:
    """The finished image of that plan."""
    runtime = runtime_of(plan)
    user = uid_gid(plan)
    return FinalImage(
        base=reference(plan, runtime.reference),
        os=runtime.os,
        single_stage=runtime.single_stage,
        manager=runtime.packages,
        packages=packages(plan),
        roots=runtime.roots if runtime.ca else "",
        privileged=runtime.user.split(":")[0] != "0",
        accounts=_accounts(plan, runtime, user),
        certificates=_copies_certificates(project, plan, runtime),
        zones=plan.zones == "copy",
        programs=programs(project, plan),
        program_dir=PROGRAM_DIR if runtime.os == "linux" else "/app",
        files=plan.file,
        workdir=plan.workdir,
        writable_dirs=_writable(plan, runtime),
        ports=plan.port,
        labels=tuple((name, value) for name, _, value in (label.partition("=") for label in plan.label)),
        health=_health(project, plan, runtime),
        no_health=plan.health == "none" and runtime.healthcheck,
        sigterm=runtime.stopsignal,
        user=user,
    )


def debug_name(plan: Plan) -> str:
    """The runtime's variant with a shell, "" where it has none or needs none."""
    runtime = runtime_of(plan)
    return _DEBUG_SCRATCH if runtime.reference == SCRATCH else runtime.debug


def programs(project: Project, plan: Plan) -> tuple[str, ...]:
    """Names of the programs in the image, the one that starts first."""
    names = {main.package: main.name for main in project.mains}
    further = (names.get(package, package.rsplit("/", 1)[-1]) for package in plan.also)
    suffix = ".exe" if runtime_of(plan).os == "windows" else ""
    return tuple(name + suffix for name in (plan.binary, *further))


def program_files(project: Project, plan: Plan) -> set[str]:
    """The paths in the image that programs and the probe have, whether or not there is one."""
    return {f"{PROGRAM_DIR}/{name}" for name in (*programs(project, plan), PROBE)}


def program(plan: Plan) -> str:
    """The path in the image of the program that starts."""
    return f"{PROGRAM_DIR}/{plan.binary}"


def needs_certificates(project: Project) -> bool:
    """True when the program may call TLS servers; what other modules do cannot be ruled out."""
    return bool(project.need("ca-certificates")) or project.has_requirements


def _copies_certificates(project: Project, plan: Plan, runtime: Runtime) -> bool:
    return runtime.os == "linux" and not runtime.ca and builder_of(plan).ca and needs_certificates(project)


def packages(plan: Plan) -> tuple[str, ...]:
    """What the final image installs."""
    zones = ("tzdata",) if plan.zones == "package" else ()
    return tuple(dict.fromkeys((*plan.package, *zones)))


def _writable(plan: Plan, runtime: Runtime) -> tuple[str, ...]:
    """Those that are not there yet: anyone may write to /tmp, and scratch gets one."""
    has_tmp = runtime.tmp or runtime.reference == SCRATCH
    return tuple(path for path in plan.writable_dir if path != "/tmp" or not has_tmp)


def _accounts(plan: Plan, runtime: Runtime, user: str) -> Accounts | None:
    """scratch gets root and the user; other images the user where it is to have a name."""
    uid, _, gid = user.partition(":")
    home = plan.workdir or "/"
    named = plan.user_name and uid != "0" and runtime.os == "linux"
    passwd = (f"{plan.user_name}:x:{uid}:{gid}:{plan.user_name}:{home}:/sbin/nologin",) if named else ()
    group = (f"{plan.user_name}:x:{gid}:",) if named and gid != "0" else ()
    if runtime.reference == SCRATCH:
        return Accounts((_ROOT_PASSWD, *passwd), (_ROOT_GROUP, *group))
    return Accounts(passwd, group) if named else None


def _health(project: Project, plan: Plan, runtime: Runtime) -> HealthCheck | None:
    kind, _, rest = plan.health.partition(" ")
    if kind == "none":
        return None
    if kind == "command":
        return HealthCheck((f"{PROGRAM_DIR}/{plan.binary}", *rest.split(" ")))
    port, path = rest.split("/", 1)
    address = f"127.0.0.1:{port or _first_tcp(plan)}"
    if runtime.wget and "wget" not in programs(project, plan):  # which would be found first
        return HealthCheck(("wget", "-q", "-O", "/dev/null", f"http://{address}/{path}"))
    return HealthCheck((f"{PROGRAM_DIR}/{PROBE}", address, f"/{path}"), probe=True)


def _first_tcp(plan: Plan) -> str:
    tcp = [port.split("/")[0].split("-")[0] for port in plan.port if port.endswith("/tcp")]
    return tcp[0] if tcp else "80"
