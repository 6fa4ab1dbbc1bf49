"""Draws lines "x series y" on logarithmic axes as SVG, each series with its fitted slope. usage: plot.py FILE TITLE"""

import math
import sys

WIDTH, HEIGHT, EDGE = 640, 400, 60
COLOURS = ["#1f6feb", "#d1480a", "#1a7f37", "#8250df"]


def slope(points):
    """Of a straight line through the logarithms: 1 where y grows as x does."""
    xs, ys = zip(*((math.log(x), math.log(y)) for x, y in points))
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)


def main(file, title):
    series = {}
    for line in open(file):
        x, name, y = line.split()
        series.setdefault(name, []).append((float(x), max(0.1, float(y))))
    every = [point for points in series.values() for point in points]
    (x0, x1), (y0, y1) = ((min(v), max(v)) for v in zip(*every))

    def place(x, y):
        right = math.log(x / x0) / math.log(x1 / x0) if x1 > x0 else 0.5
        up = math.log(y / y0) / math.log(y1 / y0) if y1 > y0 else 0.5
        return EDGE + right * (WIDTH - 4 * EDGE), HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)

    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">')
    print(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{EDGE}" y="24" font-size="15">{title}</text>')
    for x in sorted({x for x, _ in every}):
        at = place(x, y0)[0]
        print(f'<text x="{at:.0f}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{x:,.0f}</text>')
        print(f'<line x1="{at:.0f}" x2="{at:.0f}" y1="{EDGE}" y2="{HEIGHT - EDGE}" stroke="#ddd"/>')
    for y in (y0, y1):
        print(f'<text x="{EDGE - 8}" y="{place(x0, y)[1]:.0f}" text-anchor="end">{y:,.1f}</text>')
    for colour, (name, points) in zip(COLOURS, series.items()):
        places = [place(*point) for point in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        fitted = f", slope {slope(points):.2f}" if len(points) > 1 else ""
        print(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        print(f'<text x="{places[-1][0] + 6:.0f}" y="{places[-1][1]:.0f}" fill="{colour}">{name}{fitted}</text>')
    print("</svg>")


main(*sys.argv[1:])
