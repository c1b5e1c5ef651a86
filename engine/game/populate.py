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
from engine.scene.components import Body, Collider, Sound, Sprite
from engine.scene.description import SceneDescription
from engine.scene.tables import Prefab
from engine.scripting.status import StatusRule
from engine.tilemap.ground import Ground

Parts = dict[int, Value]


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


def add_joints(physics: PhysicsSystem, world: World, scene: SceneDescription) -> None:
    """Join the bodies of a scene as its ``[[joint]]`` tables say; call it once all entities are there."""
    first_of: dict[str, int] = {}
    for entity in world.entities().tolist():
        if world.has_component(entity, Component.TAG) and world.has_component(entity, Component.BODY):
            first_of.setdefault(str(world.get(entity, Field.TAG_NAME)), entity)
    for joint in scene.joints:
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
        physics.joints.add(world, made)


def status_rules(scene: SceneDescription) -> list[StatusRule]:
    """Return a scene's status effects as scripts take them."""
    return [
        StatusRule(name, one.damage, one.healing, one.slow, one.stun, one.stacking == "stack")
        for name, one in scene.statuses.items()
    ]


def trigger_volumes(world: World, scene: SceneDescription) -> list[TriggerVolume]:
    """Return a scene's trigger volumes as physics takes them."""
    return [
        TriggerVolume(
            name=world.strings.intern(trigger.name),
            shape=trigger.shape.shape,
            x=trigger.position[0],
            y=trigger.position[1],
            half_width=trigger.shape.half_width,
            half_height=trigger.shape.half_height,
        )
        for trigger in scene.triggers
    ]


def ground_of(world: World, scene: SceneDescription) -> Ground | None:
    """Return the tile map of a scene in a world, if there is one."""
    placed = scene.tilemap
    if placed is None:
        return None
    table = placed.table
    names = tuple(scene.image_name(one.image) for one in placed.map.tilesets)
    return Ground(world, placed.map, table.scale, table.position, table.layer, names)
