"""As much of SVG as charts need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 48, 56
# Colours that those who see few colours can tell apart (Okabe and Ito), legible on white and on black.
COLOURS = {"floor": "#999999", "nchan": "#e69f00", "orbited": "#0072b2", "orbited-2": "#56b4e9", "nchan-2": "#d55e00"}


class Picture:
    """A chart's frame: title, axis of values from 0 up, and what is drawn in it."""

    def __init__(self, title: str, most: float) -> None:
        self.step = step(most)
        self.most = max(math.ceil(most / self.step), 1) * self.step
        self.parts = [f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>']
        for index in range(round(self.most / self.step) + 1):
            value = index * self.step
            self.line(LEFT, self.y(value), WIDTH - RIGHT, self.y(value), "#8884")
            self.text(LEFT - 6, self.y(value) + 4, f"{value:,.10g}", anchor="end")

    def y(self, value: float) -> float:
        """Find the height of a value."""
        return HEIGHT - BOTTOM - value / self.most * (HEIGHT - BOTTOM - TOP)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> None:
        """Draw a line."""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'
        )

    def path(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Draw a line through points."""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>')

    def bar(self, x: float, width: float, value: float, colour: str) -> None:
        """Draw a bar from 0 to a value."""
        top = self.y(value)
        height = HEIGHT - BOTTOM - top
        self.parts.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
        )

    def text(self, x: float, y: float, text: str, anchor: str = "middle") -> None:
        """Write a word."""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>')

    def legend(self, names: Sequence[str]) -> None:
        """Say which colour is which server."""
        x = float(LEFT)
        for name in names:
            self.parts.append(f'<rect x="{x:.1f}" y="28" width="10" height="10" fill="{COLOURS[name]}"/>')
            self.text(x + 14, 37, name, anchor="start")
            x += 28 + 7.5 * len(name)

    def __str__(self) -> str:
        """Write the file."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" font-family="sans-serif" font-size="12" fill="#777">\n'
            + "\n".join(self.parts)
            + "\n</svg>\n"
        )


def step(most: float) -> float:
    """Find a round distance for four to eight lines up to the largest value."""
    rough = max(most, 1e-9) / 5
    power = 10 ** math.floor(math.log10(rough))
    return float(next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough))
