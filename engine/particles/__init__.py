"""Particles: passing pictures (sparks, smoke, rain) that emitters make and nothing else can see.

They are outside the state hash and never influence the state: a run without them goes the same way.
"""
