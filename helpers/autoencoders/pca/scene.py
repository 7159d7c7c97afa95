"""Points drawn straight into pixels: a turning plane in 3-D and a map of points, quick enough for sliders.

Pictures are drawn on paper white, so that they read the same on a light and on a dark page.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from helpers.plots.pixels import FINE, _font, rgb
from helpers.plots.style import COLOURS

PAPER = (255, 255, 255)


def directions(turn: float, tilt: float) -> np.ndarray:
    """Where right, up and towards the eye point, as rows (3, 3), for angles in degrees.

    turn goes round the vertical axis, tilt is the height of the eye: the azim and elev of matplotlib.
    """
    a, e = np.radians(turn), np.radians(tilt)
    right = np.array([-np.sin(a), np.cos(a), 0.0])
    towards = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    return np.stack([right, np.cross(towards, right), towards])


def angles_towards(direction) -> tuple[float, float]:
    """(turn, tilt) in degrees from which one looks against `direction` (3,)."""
    x, y, z = np.asarray(direction, dtype=float) / np.linalg.norm(direction)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(np.clip(z, -1, 1))))


def plane_scene(points, mean, axes, turn: float, tilt: float, size: tuple[int, int] = (440, 400)) -> np.ndarray:
    """Points (n, 3), the plane through `mean` (3,) along `axes` (2, 3), seen from (turn, tilt): uint8 RGB.

    Parallel projection, always at the same scale. Orange triangles lie above the plane, blue dots below;
    thin lines lead from each point to the plane.
    """
    width, height = size[0] * FINE, size[1] * FINE
    codings = (points - mean) @ axes.T
    feet = mean + codings @ axes
    above = (points - feet) @ np.cross(axes[0], axes[1]) > 0
    reach = 1.1 * np.abs(codings).max(axis=0)
    corners = mean + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * reach @ axes
    radius = np.linalg.norm(np.concatenate([points, corners]) - mean, axis=1).max()
    view, unit = directions(turn, tilt), 0.44 * min(width, height) / radius

    def place(xyz) -> np.ndarray:
        x, y = view[:2] @ (np.asarray(xyz, dtype=float) - mean).T
        return np.stack([width / 2 + unit * x, height / 2 - unit * y], axis=-1)

    picture = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.polygon([tuple(p) for p in place(corners)], fill=(*rgb(COLOURS["sky"]), 90), outline=rgb(COLOURS["blue"]))
    at, foot = place(points), place(feet)
    for i in np.argsort(points @ view[2]):  # the far ones first
        draw.line([*foot[i], *at[i]], fill=(110, 110, 110, 255), width=FINE)
        x, y = at[i]
        r = 3.2 * FINE
        if above[i]:
            corners = [(x, y - 1.2 * r), (x - 1.1 * r, y + r), (x + 1.1 * r, y + r)]
            draw.polygon(corners, fill=rgb(COLOURS["vermillion"]))
        else:
            draw.ellipse([x - r, y - r, x + r, y + r], fill=rgb(COLOURS["blue"]))
    for k in range(2):
        _arrow(draw, place(mean), place(mean + axes[k] * reach[k]), f"axis {k + 1}", (0, 0, 0), 3)
    home = np.array([52 * FINE, height - 52 * FINE])
    for k, name in enumerate(("x₁", "x₂", "x₃")):  # which way the three coordinates point
        _arrow(draw, home, home + 34 * FINE * np.array([view[0, k], -view[1, k]]), name, (90, 90, 90), 1.5)
    return np.asarray(picture.resize(size, Image.Resampling.BOX))


def _arrow(draw, start, end, name: str, colour, thick: float) -> None:
    way = np.asarray(end) - start
    length = np.hypot(*way)
    if length > 6 * FINE:  # a shorter one points at the eye: a dot, whose name would only hide the points
        way = way / length
        side = np.array([-way[1], way[0]])
        head = end - 9 * FINE * way
        draw.line([*start, *head], fill=colour, width=round(thick * FINE))
        draw.polygon([tuple(p) for p in (end, head + 4 * FINE * side, head - 4 * FINE * side)], fill=colour)
        draw.text(tuple(end + 12 * FINE * way), name, fill=colour, font=_font(13 * FINE), anchor="mm")
