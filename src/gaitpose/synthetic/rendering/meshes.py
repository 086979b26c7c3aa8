"""Surfaces as buffers of the graphics device, kept for as long as the surface lives.

A surface that is drawn again (a room) is not uploaded again. A posed surface is a new object in
each frame, but its faces and texture coordinates are the same arrays: its buffers pass on to the
next pose. Arrays of a surface that was drawn must not be changed in place.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.synthetic.rendering.normals import NormalRule
from gaitpose.synthetic.surface import Surface

if TYPE_CHECKING:
    import moderngl

Key = tuple[int, int | None, int, bool]


@dataclass
class Mesh:
    """Buffers of one surface, and the box around it."""

    vertices: moderngl.Buffer
    topology: Topology
    corners: np.ndarray
    arrays: dict[moderngl.Program, moderngl.VertexArray] = field(default_factory=dict)

    def draw(self, program: moderngl.Program) -> None:
        """Draw with the program as it is set."""
        array = self.arrays.get(program)
        if array is None:
            array = self.arrays[program] = self._bind(program)
        array.render()

    def release(self) -> None:
        """Free the buffers of this mesh, not those of its topology."""
        for array in self.arrays.values():
            array.release()
        self.vertices.release()

    def _bind(self, program: moderngl.Program) -> moderngl.VertexArray:
        names = ["position"]
        layout = "3f 12x"
        if "normal" in program:
            names, layout = [*names, "normal"], "3f 3f"
        content: list[tuple] = [(self.vertices, layout, *names)]
        if "uv" in program:
            content.append((self.topology.uv, "2f", "uv"))
        context = self.vertices.ctx
        return context.vertex_array(program, content, self.topology.faces, skip_errors=True)


@dataclass
class Topology:
    """What all poses of a mesh share, and meshes whose pose is past."""

    faces: moderngl.Buffer
    uv: moderngl.Buffer
    normals: NormalRule | None
    idle: list[Mesh] = field(default_factory=list)

    def release(self) -> None:
        """Free all buffers."""
        for mesh in self.idle:
            mesh.release()
        self.idle.clear()
        self.faces.release()
        self.uv.release()


class MeshStore:
    """The buffers of all surfaces that live."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._meshes: dict[int, Mesh] = {}
        self._topologies: dict[Key, Topology] = {}
        # Arrays may be freed anywhere, in another thread too; buffers only when this context is
        # current: the dead are noted here and buried in `sweep`.
        self._dead_surfaces: list[int] = []
        self._dead_topologies: list[Key] = []

    def mesh(self, surface: Surface) -> Mesh:
        """Return the buffers of a surface; they are made or filled if it is new."""
        mesh = self._meshes.get(id(surface))
        if mesh is None:
            mesh = self._meshes[id(surface)] = self._make(surface)
            weakref.finalize(surface, self._dead_surfaces.append, id(surface)).atexit = False
        return mesh

    def sweep(self) -> None:
        """Free what belonged to surfaces that are gone; the next poses use it again."""
        while self._dead_surfaces:
            mesh = self._meshes.pop(self._dead_surfaces.pop())
            mesh.topology.idle.append(mesh)
        while self._dead_topologies:
            topology = self._topologies.pop(self._dead_topologies.pop(), None)
            if topology is not None:
                topology.release()

    def release(self) -> None:
        """Free everything."""
        self.sweep()
        for mesh in self._meshes.values():
            mesh.release()
        for topology in self._topologies.values():
            topology.release()
        self._meshes.clear()
        self._topologies.clear()

    def _make(self, surface: Surface) -> Mesh:
        vertices = np.ascontiguousarray(surface.vertices, dtype=np.float32)
        topology = self._topology(surface, vertices)
        packed = np.zeros((len(vertices), 6), dtype=np.float32)
        packed[:, :3] = vertices
        if topology.normals is not None:
            packed[:, 3:] = topology.normals(vertices)
        corners = _corners(vertices)
        if topology.idle:
            mesh = topology.idle.pop()
            mesh.vertices.write(packed)
            mesh.corners = corners
            return mesh
        return Mesh(self._context.buffer(packed), topology, corners)

    def _topology(self, surface: Surface, vertices: np.ndarray) -> Topology:
        uv = surface.uv
        key = (id(surface.faces), None if uv is None else id(uv), len(vertices), surface.smooth)
        topology = self._topologies.get(key)
        if topology is None:
            _check(surface)
            faces = np.ascontiguousarray(surface.faces, dtype=np.int32)
            places = np.zeros((len(vertices), 2)) if uv is None else uv
            topology = self._topologies[key] = Topology(
                self._context.buffer(faces),
                self._context.buffer(np.ascontiguousarray(places, dtype=np.float32)),
                NormalRule(vertices, faces) if surface.smooth else None,
            )
            for array in (surface.faces, uv):
                if array is not None:
                    weakref.finalize(array, self._dead_topologies.append, key).atexit = False
        return topology


def _corners(vertices: np.ndarray) -> np.ndarray:
    """Return the (8, 3) corners of the box around vertices."""
    box = np.stack([vertices.min(axis=0), vertices.max(axis=0)])
    return box[np.indices((2, 2, 2)).reshape(3, -1).T, np.arange(3)]


def _check(surface: Surface) -> None:
    """Refuse arrays that OpenGL would read beyond their end."""
    vertices, faces, uv = surface.vertices, surface.faces, surface.uv
    where = f"surface of {surface.part.name.lower()}"
    if vertices.ndim != 2 or vertices.shape[1] != 3 or faces.ndim != 2 or faces.shape[1] != 3:
        raise BadSettings("vertices and faces must have three columns", where=where)
    if len(faces) == 0 or faces.min() < 0 or faces.max() >= len(vertices):
        raise BadSettings("faces are absent or name vertices that are not there", where=where)
    if uv is not None and uv.shape != (len(vertices), 2):
        raise BadSettings(f"{len(vertices)} vertices, uv of shape {uv.shape}", where=where)
