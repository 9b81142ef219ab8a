"""An offline map: the centres of all counties as points, on an equal-area projection."""

from __future__ import annotations

import math
from functools import lru_cache

_PARALLELS = (math.radians(25.0), math.radians(47.0))
_CENTRE = (math.radians(105.0), math.radians(36.0))
_SCALE = 1000.0
"""Map units for one radius of the earth: China is about 800 units wide."""


def project(lng: float, lat: float) -> tuple[float, float]:
    """Albers' conic equal-area projection with the parallels usual for China.

    Parameters
    ----------
    lng, lat : float
        Degrees.

    Returns
    -------
    tuple of float
        Map units to the right of and below 105° E, 36° N.

    References
    ----------
    J. P. Snyder, Map Projections: A Working Manual, USGS 1987, pp. 98 to 101.

    Examples
    --------
    >>> project(105.0, 36.0)
    (0.0, 0.0)
    """
    first, second = _PARALLELS
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)

    def rho(angle: float) -> float:
        return _SCALE * math.sqrt(c - 2 * n * math.sin(angle)) / n

    theta = n * (math.radians(lng) - _CENTRE[0])
    x = rho(math.radians(lat)) * math.sin(theta)
    y = rho(math.radians(lat)) * math.cos(theta) - rho(_CENTRE[1])
    return round(x, 1) + 0.0, round(y, 1) + 0.0


def in_china(lng: float | None, lat: float | None) -> bool:
    """Whether a point lies in the frame of the map; a few rows of the gazetteer do not.

    >>> in_china(118.9, 28.9), in_china(0.0, 0.0), in_china(None, None)
    (True, False, False)
    """
    return lng is not None and lat is not None and 73 <= lng <= 136 and 3 <= lat <= 54


@lru_cache
def background() -> tuple[tuple[float, float], ...]:
    """Map positions of all counties in the gazetteer."""
    from extract import gazetteer

    return tuple(
        project(d.lng, d.lat)
        for d in gazetteer.divisions()
        if d.level == "county" and in_china(d.lng, d.lat)
    )


_ASIDE = {"天津": (15, 7), "上海": (16, 8), "香港": (17, 5), "澳门": (-15, 11), "北京": (-6, -4)}
"""Where names would lie on one another they are written beside their point."""


@lru_cache
def provinces() -> tuple[tuple[str, float, float], ...]:
    """Short names of the provinces and where to write them."""
    from extract import gazetteer

    result = []
    for d in gazetteer.divisions():
        if d.level == "province" and in_china(d.lng, d.lat):
            short = min(gazetteer.short_names(d.name, d.level) or (d.name,), key=len)
            x, y = project(d.lng, d.lat)
            dx, dy = _ASIDE.get(short, (0, -4))
            result.append((short, x + dx, y + dy))
    return tuple(result)


@lru_cache
def frame() -> str:
    """The SVG view box that holds every county."""
    xs, ys = zip(*background(), strict=True)
    left, top = min(xs) - 20, min(ys) - 20
    return f"{left:.0f} {top:.0f} {max(xs) + 20 - left:.0f} {max(ys) + 20 - top:.0f}"
