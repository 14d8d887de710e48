"""The icons of the first screen of a phone, drawn from `icon.svg`, which no iPhone takes.

`python -m tests.icons` writes them to the static files.
"""

import re
from itertools import accumulate, pairwise
from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parents[1] / "recovery_tracker" / "web" / "static"
#: Pixels: Android's list, its opening screen, and an iPhone's first screen.
SIZES = (192, 512, 180)
#: How much of the width the mark takes of what it takes in `icon.svg`: Android may cut a fifth off
#: each side (Web App Manifest, "maskable": a circle of 80 % is safe).
SHARE = 0.85
#: Drawn so many times larger, and shrunk: smooth edges.
FINE = 8


def icon(size: int) -> Image.Image:
    """The mark on its ground, to the edges: phones round the corners themselves."""
    drawing = (STATIC / "icon.svg").read_text("utf-8")
    ground = re.search(r'fill="(#\w+)"', drawing)[1]
    mark = re.search(r' d="M([^"]+)"', drawing)[1]
    steps = [tuple(map(int, pair)) for pair in re.findall(r"(-?\d+)[ ]?(-?\d+)", mark)]
    points = accumulate(steps, lambda a, b: (a[0] + b[0], a[1] + b[1]))
    scale = size * FINE / 32
    placed = [tuple((16 + (at - 16) * SHARE) * scale for at in point) for point in points]
    radius = float(re.search(r'stroke-width="([\d.]+)"', drawing)[1]) * SHARE * scale / 2
    picture = Image.new("RGB", (size * FINE, size * FINE), ground)
    pen = ImageDraw.Draw(picture)
    for one, other in pairwise(placed):
        pen.line((one, other), "#fff", round(2 * radius))
    for x, y in placed:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), "#fff")
    return picture.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for pixels in SIZES:
        icon(pixels).save(STATIC / f"icon-{pixels}.png", optimize=True)
