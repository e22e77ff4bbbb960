"""The body of one Go file: its functions, calls, composite literals and what is bound to which name."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.core.inspect import members, syntax
from tui.core.inspect.blocks import block_of, constant, mounts
from tui.core.inspect.code import Binding, Body, Closure, Comparison, Function, Scope
from tui.core.inspect.expressions import UNKNOWN, Call, Composite, Expression, Field, Index, Literal, Name
from tui.core.inspect.names import Names

if TYPE_CHECKING:
    from tree_sitter import Node

_QUERY = """
[(function_declaration) (method_declaration)] @function
(call_expression) @call
(composite_literal) @composite
(short_var_declaration) @short
(assignment_statement) @assignment
[(const_spec) (var_spec)] @spec
(return_statement) @return
(func_literal) @literal
(field_declaration) @field
(range_clause) @range
(selector_expression operand: (identifier)) @selector
(qualified_type) @type
(literal_element (literal_value) @element)
(binary_expression operator: "==" right: (interpreted_string_literal)) @compared
(expression_case value: (expression_list (interpreted_string_literal))) @case
"""


def read(path: str, data: bytes, names: Names) -> Body:
    """Reads a file's body. Any bytes give a Body."""
    return _Reading(path, names).read(syntax.parse(data))


class _Reading:
    def __init__(self, path: str, names: Names) -> None:
        self.path, self.names = path, names
        self.body = Body()
        self.starts: list[int] = []
        self.spans: list[tuple[int, Function]] = []
        self.literals: list[tuple[int, int]] = []
        self.closures: dict[int, list[tuple[int, int, Closure]]] = defaultdict(list)

    def read(self, root: Node) -> Body:
        found = syntax.find(root, _QUERY)
        for node in found.get("function", []):
            self._function(node)
        self.literals = [(node.start_byte, node.end_byte) for node in found.get("literal", [])]
        self.body.mounts = list(mounts(found.get("literal", [])))
        for node in found.get("literal", []):
            self._closure(node)
        takers = {
            "call": self._call,
            "composite": self._composite,
            "short": self._short,
            "assignment": self._assignment,
            "spec": self._spec,
            "return": self._return,
            "field": self._member,
            "range": self._range,
            "selector": self._selector,
            "type": self._type,
            "element": self._element,
            "compared": self._compared,
            "case": self._case,
        }
        for kind, take in takers.items():
            for node in found.get(kind, []):
                take(node)
        return self.body

    def _scope(self, node: Node) -> Scope:
        place = bisect_right(self.starts, node.start_byte) - 1
        inside = place >= 0 and node.start_byte < self.spans[place][0]
        here = self.closures.get(place, ())
        around = tuple(closure for start, end, closure in here if start < node.start_byte < end)
        function = self.spans[place][1] if inside else None
        return Scope(self.path, self.names.package, function, around, syntax.line(node))

    def _closure(self, node: Node) -> None:
        params = tuple(name for name, _ in self._parameters(node.child_by_field_name("parameters")))
        if not params:
            return
        above = node.parent
        held = above.parent if above is not None and above.type == "expression_list" else above
        name = ""
        args: tuple[Expression, ...] = ()
        if above is not None and above.type == "call_expression":
            args = self.names.expressions(above.child_by_field_name("arguments"))
        elif held is not None and held.type in ("short_var_declaration", "var_spec"):
            left = held.child_by_field_name("left") or held.child_by_field_name("name")
            name = syntax.text(left)
        place = bisect_right(self.starts, node.start_byte) - 1
        self.closures[place].append((node.start_byte, node.end_byte, Closure(params, name, args)))

    def _function(self, node: Node) -> None:
        name = syntax.text(node.child_by_field_name("name"))
        package = "" if node.type == "method_declaration" else self.names.package
        given = list(self._parameters(node.child_by_field_name("parameters")))
        receivers = list(self._parameters(node.child_by_field_name("receiver")))
        function = Function(
            f"{package}.{name}",
            tuple(name for name, _ in given),
            self.path,
            syntax.line(node),
            tuple(kind for _, kind in given),
            self._result(node.child_by_field_name("result")),
            receivers[0][1] if receivers else "",
            receivers[0][0] if receivers else "",
        )
        self.body.functions.append(function)
        self.starts.append(node.start_byte)
        self.spans.append((node.end_byte, function))

    def _parameters(self, node: Node | None) -> Iterator[tuple[str, str]]:
        """Names with their types."""
        for declaration in node.named_children if node is not None else []:
            if declaration.type.endswith("parameter_declaration"):
                kind = self.names.type(declaration.child_by_field_name("type"))
                names = declaration.children_by_field_name("name")
                yield from ((syntax.text(name), kind) for name in names) if names else (("_", kind),)

    def _result(self, node: Node | None) -> str:
        first = next(self._parameters(node), None) if node and node.type == "parameter_list" else None
        return first[1] if first else self.names.type(node)

    def _call(self, node: Node) -> None:
        call = self.names.call(node)
        if isinstance(call, Call):
            self.body.calls.append((call, self._scope(node)))
            if call.receiver is None and call.name.rpartition(".")[0] in self.names.dotted:
                self.body.names.append((call.name, call.line))

    def _composite(self, node: Node) -> None:
        composite, scope = self.names.composite(node), self._scope(node)
        self.body.composites.append((composite, scope))
        owner = composite.type.rpartition(".")[2]
        own = not composite.type or composite.type.startswith(f"{self.names.package}.")
        for name, value in composite.fields.items() if own else ():
            self.body.fields.append(Binding(name, value, scope, composite.line, owner))

    def _element(self, node: Node) -> None:
        composite = self.names.element(node)
        if composite is not None:
            self.body.composites.append((composite, self._scope(node)))

    def _compared(self, node: Node) -> None:
        text = syntax.string(right) if (right := node.child_by_field_name("right")) else None
        subject = self.names.expression(node.child_by_field_name("left"))
        if text is not None:
            self.body.comparisons.append(Comparison(subject, text, self._scope(node), syntax.line(node)))

    def _case(self, node: Node) -> None:
        switch, values = node.parent, node.child_by_field_name("value")
        subject = self.names.expression(switch.child_by_field_name("value") if switch else None)
        for value in self.names.expressions(values):
            if isinstance(value, Literal):
                self.body.comparisons.append(Comparison(subject, value.text, self._scope(node), value.line))

    def _short(self, node: Node) -> None:
        self._assign(node, node.child_by_field_name("left"), node.child_by_field_name("right"))

    def _assignment(self, node: Node) -> None:
        if syntax.text(node.child_by_field_name("operator")) == "=":
            self._short(node)

    def _assign(self, node: Node, left: Node | None, right: Node | None) -> None:
        targets, values = self.names.expressions(left), self.names.expressions(right)
        scope, line = self._scope(node), syntax.line(node)
        # With fewer values than targets a call gives several; its first result is the one of use.
        for target, value in zip(targets, values, strict=False):
            if isinstance(target, Name):
                block = block_of(node) if node.type == "short_var_declaration" else None
                self.body.variables.append(Binding(target.name, value, scope, line, block=block))
            elif isinstance(target, Field):
                self.body.fields.append(Binding(target.name, value, scope, line, _last(target.base), target))

    def _spec(self, node: Node) -> None:
        names, given = self.names, node.child_by_field_name("value")
        if node.type == "const_spec":
            at, given = constant(node)
            names = names._replace(iota=Literal(str(at), syntax.line(node), is_number=True))
        values = names.expressions(given)
        scope, line = self._scope(node), syntax.line(node)
        declared = node.children_by_field_name("name")
        if not values:
            zero = self.names.zero(node.child_by_field_name("type"), line)
            values = (zero,) * len(declared) if isinstance(zero, Composite) else ()
        for name, value in zip(declared, values, strict=False):
            block = block_of(node) if scope.function else None
            self.body.variables.append(Binding(syntax.text(name), value, scope, line, block=block))

    def _range(self, node: Node) -> None:
        """``for _, address := range addresses``: one of them, whichever."""
        targets = self.names.expressions(node.child_by_field_name("left"))
        if len(targets) == 2 and isinstance(targets[1], Name):
            each = Index(self.names.expression(node.child_by_field_name("right")), UNKNOWN)
            scope, line = self._scope(node), syntax.line(node)
            self.body.variables.append(Binding(targets[1].name, each, scope, line, block=block_of(node)))

    def _return(self, node: Node) -> None:
        if any(start < node.start_byte < end for start, end in self.literals):
            return
        scope = self._scope(node)
        values = self.names.expressions(next(iter(node.named_children), None))
        if scope.function and values:
            self.body.returns.append((scope.function, values[0], scope))

    def _member(self, node: Node) -> None:
        for member in members.read(node, self.names, self._scope(node)):
            self.body.members[member.struct, member.name] = member
            if (default := members.default(member)) is not None:
                value, owner = Literal(default, member.line), member.struct.rpartition(".")[2]
                scope, line = member.scope, member.line
                self.body.fields.append(Binding(member.name, value, scope, line, owner))
                self.body.defaults.append(Binding(members.shown_name(member), value, scope, line, owner))

    def _selector(self, node: Node) -> None:
        package = self.names.imports.get(syntax.text(node.child_by_field_name("operand")))
        if package is not None:
            name = syntax.text(node.child_by_field_name("field"))
            self.body.names.append((f"{package}.{name}", syntax.line(node)))

    def _type(self, node: Node) -> None:
        self.body.names.append((self.names.type(node), syntax.line(node)))


def _last(expression: Expression) -> str:
    return expression.name if isinstance(expression, Name | Field) else ""
