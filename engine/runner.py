"""Runs Rasa's prediction graph in a straight line.

Dask plans the same five-node graph anew at each of the three runs of a turn, and Rasa formats the whole tracker for a
debug line. The order of the nodes depends only on what is asked for, so it is worked out once. Training still uses dask.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class StraightGraphRunner(DaskGraphRunner):
    """The same nodes and results as DaskGraphRunner (tests/engine/test_speed.py compares them)."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            if name not in results:
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        return dict(results[name] for name in wanted)

    def _order(self, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        known: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = self.__dict__.setdefault("_orders", {})
        if wanted not in known:
            schema = self._graph_schema.minimal_graph_schema(list(wanted))
            needs = {name: tuple(node.needs.values()) for name, node in schema.nodes.items()}
            if not needs:
                raise GraphRunError("nothing to run")
            order = TopologicalSorter(needs).static_order()
            known[wanted] = [(name, needs[name]) for name in order if name in needs]
        return known[wanted]
