"""From the tables of a scene to columns of components, to joints and to trigger volumes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.animation.system import AnimationBook
from engine.ecs.components import Component, Field
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.game.animation_book import animated_columns
from engine.physics.joint_table import Joint, JointKind, place_of, point_on
from engine.physics.step import PhysicsSystem, TriggerVolume
from engine.scene.components import Body, Collider, Sound, Sprite, Trigger
from engine.scene.components import Joint as SceneJoint
from engine.scene.description import SceneDescription
from engine.scene.tables import Prefab
from engine.scripting.status import StatusRule
from engine.tilemap.ground import Ground

Parts = dict[int, Value]
FAR_AWAY = -1.0e6
"""Metres of the place of a trigger volume that is gone."""


def columns_of(
    parts: Prefab, physics: PhysicsSystem, effects: Sequence[str], book: AnimationBook
) -> tuple[list[int], Parts]:
    """Return the components of an entity and the values of their fields (positions apart).

    Polygons go into the pool of ``physics``; an emitter's effect is its number among ``effects``; clips and
    animators have their numbers from the ``book``.
    """
    components: list[int] = [Component.TRANSFORM]
    values: Parts = {
        Field.TRANSFORM_ROTATION: parts.rotation,
        Field.TRANSFORM_PREVIOUS_ROTATION: parts.rotation,
        Field.TRANSFORM_SCALE_X: parts.scale[0],
        Field.TRANSFORM_SCALE_Y: parts.scale[1],
    }
    for component, fields in _optional(parts, physics):
        components.append(component)
        values.update(fields)
    if parts.emitter is not None:
        components.append(Component.EMITTER)
        values |= {
            Field.EMITTER_EFFECT: effects.index(parts.emitter.effect),
            Field.EMITTER_RATE: parts.emitter.rate,
            Field.EMITTER_ACTIVE: parts.emitter.active,
        }
    if parts.animation is not None:
        for component, fields in animated_columns(parts.animation, book):
            components.append(component)
            values.update(fields)
    return components, values


def _optional(parts: Prefab, physics: PhysicsSystem) -> Iterator[tuple[int, Parts]]:
    if parts.tag:
        yield Component.TAG, {Field.TAG_NAME: parts.tag}
    if parts.team:
        yield Component.TEAM, {Field.TEAM_NAME: parts.team}
    if parts.health is not None:
        health: Parts = {
            Field.HEALTH_VALUE: parts.health.value,
            Field.HEALTH_MAX: parts.health.maximum,
            Field.HEALTH_ARMOR: parts.health.armor,
        }
        yield Component.HEALTH, health
    yield from _physical(parts, physics)
    yield from _visible(parts)
    if parts.sound is not None:
        yield Component.SOUND, _sound(parts.sound)


def _physical(parts: Prefab, physics: PhysicsSystem) -> Iterator[tuple[int, Parts]]:
    moves = parts.body is not None and parts.body.kind != "static"
    if parts.velocity is not None or parts.angular_velocity is not None or moves:
        x, y = parts.velocity or (0.0, 0.0)
        angular = parts.angular_velocity or 0.0
        yield (
            Component.VELOCITY,
            {Field.VELOCITY_VX: x, Field.VELOCITY_VY: y, Field.VELOCITY_ANGULAR: angular},
        )
    if parts.body is not None:
        yield Component.BODY, _body(parts.body)
    if parts.collider is not None:
        yield Component.COLLIDER, _collider(parts.collider, physics)


def _body(body: Body) -> Parts:
    return {
        Field.BODY_KIND: int(body.kind_id),
        Field.BODY_GRAVITY_SCALE: body.gravity_scale,
        Field.BODY_MASS: body.mass or 0.0,
        Field.BODY_DAMPING: body.damping,
        Field.BODY_ANGULAR_DAMPING: body.angular_damping,
        Field.BODY_FIXED_ROTATION: body.fixed_rotation,
        Field.BODY_CAN_SLEEP: body.can_sleep,
        Field.BODY_SLEEPING: body.asleep,
        Field.BODY_REST_TIME: -1.0 if body.asleep else 0.0,
    }


def _collider(shape: Collider, physics: PhysicsSystem) -> Parts:
    return {
        Field.COLLIDER_SHAPE: int(shape.shape),
        Field.COLLIDER_HALF_WIDTH: shape.half_width,
        Field.COLLIDER_HALF_HEIGHT: shape.half_height,
        Field.COLLIDER_RADIUS: shape.radius,
        Field.COLLIDER_POLYGON: 0 if shape.polygon is None else physics.add_polygon(shape.polygon),
        Field.COLLIDER_SENSOR: shape.sensor,
        Field.COLLIDER_LAYER: shape.layer_bit,
        Field.COLLIDER_MASK: shape.mask,
        Field.COLLIDER_FRICTION: shape.friction,
        Field.COLLIDER_RESTITUTION: shape.restitution,
        Field.COLLIDER_DENSITY: shape.density,
        Field.COLLIDER_ONE_WAY: shape.one_way,
    }


def _visible(parts: Prefab) -> Iterator[tuple[int, Parts]]:
    if parts.sprite is not None:
        yield Component.SPRITE, _sprite(parts.sprite)
    if parts.text is not None:
        text: Parts = {
            Field.TEXT_CONTENT: parts.text.content,
            Field.TEXT_SIZE: parts.text.size,
            Field.TEXT_COLOR: parts.text.color,
            Field.TEXT_VISIBLE: parts.text.visible,
            Field.TEXT_ALIGN: parts.text.align_id,
            Field.TEXT_WRAP: parts.text.wrap or 0.0,
        }
        yield Component.TEXT, text


def _sprite(sprite: Sprite) -> Parts:
    width, height = sprite.extent
    return {
        Field.SPRITE_SHAPE: int(sprite.shape_id),
        Field.SPRITE_WIDTH: width,
        Field.SPRITE_HEIGHT: height,
        Field.SPRITE_COLOR: sprite.color,
        Field.SPRITE_LAYER: sprite.layer,
        Field.SPRITE_VISIBLE: sprite.visible,
        Field.SPRITE_IMAGE: sprite.image or "",
        Field.SPRITE_COLUMNS: sprite.frames[0],
        Field.SPRITE_ROWS: sprite.frames[1],
        Field.SPRITE_FRAME: sprite.frame,
        Field.SPRITE_FLIP_X: sprite.flip_x,
        Field.SPRITE_FLIP_Y: sprite.flip_y,
        Field.SPRITE_ANCHOR_X: sprite.anchor[0],
        Field.SPRITE_ANCHOR_Y: sprite.anchor[1],
    }


def _sound(sound: Sound) -> Parts:
    return {
        Field.SOUND_NAME: sound.name,
        Field.SOUND_VOLUME: sound.volume,
        Field.SOUND_PITCH: sound.pitch,
        Field.SOUND_RADIUS: sound.radius,
        Field.SOUND_LOOPS: sound.loop,
    }


class GameJoints:
    """The joints of a scene in the physics of a game."""

    def __init__(self, physics: PhysicsSystem, world: World) -> None:
        self._physics = physics
        self._world = world
        self._known: list[tuple[SceneJoint, int]] = []

    def change(self, joints: Sequence[SceneJoint]) -> bool:
        """Let these joints be there, once all entities are; returns whether something changed.

        One that was there before goes on as it is; one whose entities are gone is left out.
        """
        left = self._known.copy()
        found: list[tuple[SceneJoint, int]] = []
        missing: list[SceneJoint] = []
        for joint in joints:
            known = next((one for one in left if one[0] == joint), None)
            if known is None:
                missing.append(joint)
            else:
                left.remove(known)
                found.append(known)
        for _, number in left:
            self._physics.joints.remove(number)
        first_of = _first_bodies(self._world) if missing else {}
        ready = (one for one in missing if one.first in first_of and (one.second or one.first) in first_of)
        found += [(one, _add_joint(self._physics, self._world, one, first_of)) for one in ready]
        self._known = found
        return bool(left or missing)


def _first_bodies(world: World) -> dict[str, int]:
    """Return the first entity with a body of each tag."""
    first_of: dict[str, int] = {}
    for entity in world.entities().tolist():
        if world.has_component(entity, Component.TAG) and world.has_component(entity, Component.BODY):
            first_of.setdefault(str(world.get(entity, Field.TAG_NAME)), entity)
    return first_of


def _add_joint(physics: PhysicsSystem, world: World, joint: SceneJoint, first_of: dict[str, int]) -> int:
    first, second = first_of[joint.first], first_of[joint.second] if joint.second else 0
    points = (joint.first_anchor, joint.second_anchor)
    if joint.kind != "distance":
        place = joint.anchor or place_of(world, first, (0.0, 0.0))
        points = (point_on(world, first, place), point_on(world, second, place))
    made = Joint(
        kind=JointKind[joint.kind.upper()],
        first=first,
        second=second,
        first_point=points[0],
        second_point=points[1],
        length=joint.length,
        rope=joint.rope,
        hertz=joint.hertz,
        damping=joint.damping,
        limits=joint.limits,
        motor_speed=joint.motor_speed,
        motor_torque=joint.motor_torque,
        collides=joint.collides,
    )
    return physics.joints.add(world, made)


def ground_of(world: World, scene: SceneDescription) -> Ground | None:
    """Return the tile map of a scene in a world, if there is one; it is not solid yet."""
    placed = scene.tilemap
    if placed is None:
        return None
    table = placed.table
    names = tuple(scene.image_name(one.image) for one in placed.map.tilesets)
    return Ground(world, placed.map, table.scale, table.position, table.layer, names)


def status_rules(scene: SceneDescription) -> list[StatusRule]:
    """Return a scene's status effects as scripts take them."""
    return [
        StatusRule(name, one.damage, one.healing, one.slow, one.stun, one.stacking == "stack")
        for name, one in scene.statuses.items()
    ]


class GameVolumes:
    """The trigger volumes of a scene in the physics of a game.

    Attributes:
        volumes: by number. Contacts hold these numbers: one that is gone has a place where nothing is.
    """

    def __init__(self, physics: PhysicsSystem, world: World, triggers: Sequence[Trigger]) -> None:
        self._physics = physics
        self._world = world
        self._known: dict[str, Trigger] = {}
        self.volumes: list[TriggerVolume] = []
        self.change(triggers)

    def change(self, triggers: Sequence[Trigger]) -> None:
        """Let these volumes be there; one whose name was there before keeps its number."""
        new = {trigger.name: trigger for trigger in triggers}
        self._known = {**self._known, **new}
        self.volumes = [self._volume(one, is_gone=name not in new) for name, one in self._known.items()]
        self._physics.set_volumes(self.volumes)

    def _volume(self, trigger: Trigger, *, is_gone: bool) -> TriggerVolume:
        x, y = (FAR_AWAY, FAR_AWAY) if is_gone else trigger.position
        return TriggerVolume(
            name=self._world.strings.intern(trigger.name),
            shape=trigger.shape.shape,
            x=x,
            y=y,
            half_width=trigger.shape.half_width,
            half_height=trigger.shape.half_height,
        )
