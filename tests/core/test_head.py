"""A Go file's package clause and imports, however they are written."""

from __future__ import annotations

import pytest

from tui.core.inspect import source


def imports(text: str) -> list[tuple[str, str, int]]:
    return [(i.name, i.path, i.line) for i in source.read("x.go", text.encode()).imports]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('package a; import "b"; import c "d"', [("", "b", 1), ("c", "d", 1)]),
        (
            'package a\nimport (\n\t. "b"\n\t_ "c"\n)\nimport "d"\n',
            [(".", "b", 3), ("_", "c", 4), ("", "d", 6)],
        ),
        ("package a\nimport `b`\n", [("", "b", 2)]),
        ('package a\nimport "\\x62/c"\n', [("", "b/c", 2)]),
        ('\ufeffpackage a\n\nimport "b"\n', [("", "b", 3)]),
        (
            '// x\n/* package y\nimport "no" */ package /* z */ a // end\nimport /* ( */ "b"\n',
            [("", "b", 4)],
        ),
        ('package a\nimport ()\nimport "b"\n', [("", "b", 3)]),
        (
            'package a\nimport (\n"b"\n/* import "no" */\n"c"; "d")\n',
            [("", "b", 3), ("", "c", 5), ("", "d", 5)],
        ),
        ('package a\nvar x = "y"\nimport "no"\n', []),
        ('package a\nimport "b" // an "import"\nconst s = `import "no"`\n', [("", "b", 2)]),
        ('package a\nimport "b\nimport "no"\n', []),
        ('package a\nimport ("b" 1 "no")\n', [("", "b", 2)]),
        ('package größe\nimport größe "b"\n', [("größe", "b", 2)]),
        ('package a\nimport "b"\n/* never closed\nimport "no"\n', [("", "b", 2)]),
    ],
)
def test_imports_with_their_lines(text: str, found: list[tuple[str, str, int]]) -> None:
    assert imports(text) == found


@pytest.mark.parametrize("text", ["", "// package a\n", 'import "b"', "package", 'package "a"', "package ("])
def test_without_a_package_clause_it_is_no_go(text: str) -> None:
    with pytest.raises(source.NotGo):
        source.read("x.go", text.encode())


def test_a_function_called_main_is_told_from_its_like() -> None:
    def line(text: str) -> int:
        return source.read("x.go", f"package main\n{text}\n".encode()).main

    assert line("func main() {}") == 2
    assert line("\nfunc\nmain() {}") == 3
    assert line("// func main() {}") == line("var s = `\nfunc main() {}`") == 0
    assert line("func main(x int) {}") == line("func (t T) main() {}") == 0
