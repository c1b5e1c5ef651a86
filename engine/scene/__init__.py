"""Scene files: TOML in, a checked `SceneDescription` out."""

from engine.scene.components import Body, Collider, Health, Shape, Sprite, Text, Trigger
from engine.scene.description import PlacedEntity, SceneDescription
from engine.scene.hud import Hud
from engine.scene.loader import load_scene
from engine.scene.tables import Camera, Entity, Limits, Prefab, SceneTable, System, Window
from engine.scene.values import Color

__all__ = [
    "Body",
    "Camera",
    "Collider",
    "Color",
    "Entity",
    "Health",
    "Hud",
    "Limits",
    "PlacedEntity",
    "Prefab",
    "SceneDescription",
    "SceneTable",
    "Shape",
    "Sprite",
    "System",
    "Text",
    "Trigger",
    "Window",
    "load_scene",
]
