"""The proposed answer to every question, with the reason it is proposed."""

from __future__ import annotations

from tui.core.defaults.c_code import build_package, build_tag, c_needs, c_packages, cgo, link, package
from tui.core.defaults.contents import args, env, file, health, label, port, workdir, writable_dir
from tui.core.defaults.front_end_stage import front_end, node
from tui.core.defaults.images import builder, runtime, user, user_name, zones
from tui.core.defaults.program import binary, constant, go, main, platform, private, tag, version_variable

__all__ = [
    "args",
    "binary",
    "build_package",
    "build_tag",
    "builder",
    "c_needs",
    "c_packages",
    "cgo",
    "constant",
    "env",
    "file",
    "front_end",
    "go",
    "health",
    "label",
    "link",
    "main",
    "node",
    "package",
    "platform",
    "port",
    "private",
    "runtime",
    "tag",
    "user",
    "user_name",
    "version_variable",
    "workdir",
    "writable_dir",
    "zones",
]
