"""The encoder of attributions as two ONNX graphs, written operator by operator (used by train_encoder.py).

Torch spells attention out in two dozen operators and keeps a mask that a unit read alone does not need; here attention
and GELU are one operator each of ONNX Runtime's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

OWN = ("MultiHeadAttention", "Gelu")  # operators of ONNX Runtime
NUMBERS = ("ids", "kinds", "places", "mark")  # inputs that are whole numbers


class Graph:
    """An ONNX graph in the making: each operator goes behind those it reads from and gives its result's name."""

    def __init__(self, weights: Mapping[str, Any], heads: int) -> None:
        self.weights, self.heads = weights, heads
        self.nodes: list[Any] = []
        self.held: dict[str, Any] = {}

    def hold(self, name: str, transposed: bool = False) -> str:
        value = self.weights[name].T if transposed else self.weights[name]
        self.held.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, name: str = "", **settings: Any) -> str:
        name = name or f"{kind}_{len(self.nodes)}"
        domain = "com.microsoft" if kind in OWN else ""
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **settings))
        return name

    def linear(self, x: str, at: str, name: str = "") -> str:
        return self.add(
            "Add", self.add("MatMul", x, self.hold(f"{at}.weight", True)), self.hold(f"{at}.bias"), name=name
        )

    def norm(self, x: str, at: str, name: str = "") -> str:
        held = (self.hold(f"{at}.weight"), self.hold(f"{at}.bias"))
        return self.add("LayerNormalization", x, *held, axis=-1, epsilon=1e-12, name=name)

    def look(self, at: str, numbers: str) -> str:
        return self.add("Gather", self.hold(f"{at}.weight"), numbers)

    def layer(self, x: str, at: str, name: str = "") -> str:
        parts = [f"{at}.{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [self.linear(x, f"{at}.qkv")], parts, axis=-1))
        seen = self.add("MultiHeadAttention", *parts, num_heads=self.heads)
        x = self.norm(self.add("Add", x, self.linear(seen, f"{at}.o")), f"{at}.n1")
        wide = self.add("Gelu", self.linear(x, f"{at}.u"))
        return self.norm(self.add("Add", x, self.linear(wide, f"{at}.w")), f"{at}.n2", name)

    def model(self, inputs: dict[str, tuple[Any, ...]], outputs: dict[str, tuple[Any, ...]]) -> Any:
        def told(shapes: dict[str, tuple[Any, ...]]) -> list[Any]:
            kinds = {name: TensorProto.INT64 if name in NUMBERS else TensorProto.FLOAT for name in shapes}
            return [helper.make_tensor_value_info(name, kinds[name], shape) for name, shape in shapes.items()]

        graph = helper.make_graph(self.nodes, "encoder", told(inputs), told(outputs), list(self.held.values()))
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def graphs(weights: Mapping[str, Any], heads: int, lowest: int, layers: int) -> Iterator[tuple[str, Any]]:
    """Yield the names and models of both parts of a network, of which `lowest` layers do not see the mark.

    `weights`: arrays of float32 by the names that train_encoder.py gives them.
    """
    row, size = ("rows", "length"), weights["n.weight"].shape[0]
    lower = Graph(weights, heads)
    places = lower.add("Add", lower.look("emb", "ids"), lower.look("pos", "places"))
    x = lower.norm(lower.add("Add", places, lower.look("feat", "kinds")), "n")
    for number in range(lowest):
        x = lower.layer(x, f"layers.{number}", "hidden" if number == lowest - 1 else "")
    lower.linear(lower.layer(x, "glance"), "cue", "cue")
    yield "lower", lower.model({"ids": row, "kinds": row, "places": row}, {"hidden": (*row, size), "cue": (*row, 1)})
    upper = Graph(weights, heads)
    x = upper.add("Add", "hidden", upper.look("mark", "mark"))
    for number in range(lowest, layers):
        x = upper.layer(x, f"layers.{number}")
    upper.linear(x, "tag", "roles")
    yield "upper", upper.model({"hidden": ("one", "length", size), "mark": row}, {"roles": (*row, 4)})
