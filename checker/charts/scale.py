"""Scales and ticks: from figures to places on paper, in steps a person counts in."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

# Steps people read without effort, times a power of ten; 2.5 is left out, for its ticks need a decimal more.
_STEPS = (1.0, 2.0, 5.0, 10.0)
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from figures low…high to places start…end in points."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Give the place of a figure; one outside the scale stays on its edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def step(low: float, high: float, about: int) -> float:
    """Give the smallest readable step that needs at most `about` steps from low to high."""
    rough = max((high - low) / max(about, 1), _SLACK)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * size for size in _STEPS if power * size >= rough * (1 - _SLACK))


def ticks(low: float, high: float, about: int = 4) -> tuple[float, ...]:
    """Give readable values inside low…high, rising; two at least only if the span allows."""
    if not high > low:
        return (low,)
    size = step(low, high, about)
    first = math.ceil(low / size - _SLACK)
    last = math.floor(high / size + _SLACK)
    return tuple(min(max(_tidy(index * size), low), high) for index in range(first, last + 1))


def ticks_apart(scale: Scale, about: int, width_of: Callable[[float], float]) -> tuple[float, ...]:
    """Give ticks inside a scale from left to right, every second or third one where their labels would touch.

    `width_of` gives the points that a tick's label takes, centred on it, the gap to the next included.
    """
    values = ticks(scale.low, scale.high, about)
    for every in range(1, len(values)):
        chosen = values[::every]
        if all(
            scale(right) - scale(left) >= (width_of(left) + width_of(right)) / 2
            for left, right in pairwise(chosen)
        ):
            return chosen
    return values[:1]


def span(
    values: Iterable[float], limits: tuple[float, float], about: int = 4, least: float = 0.1
) -> tuple[float, float]:
    """Give the ends of a scale that holds the values, rounded outwards to ticks and kept inside `limits`.

    A span below `least` of the limits would blow small changes up: it goes on downwards to that share.
    """
    floor, ceiling = limits
    held = list(values) or limits
    low, high = (min(max(end, floor), ceiling) for end in (min(held), max(held)))
    short = least * (ceiling - floor)
    size = step(low, max(high, low + short), about)
    while True:
        start = max(_tidy(math.floor(low / size + _SLACK) * size), floor)
        end = min(_tidy(math.ceil(high / size - _SLACK) * size), ceiling)
        while end - start < short - _SLACK:
            if start > floor:
                start = max(_tidy(start - size), floor)
            else:
                end = min(_tidy(end + size), ceiling)
        wider = step(start, end, about)
        if wider <= size * (1 + _SLACK):
            return start, end
        size = wider  # rounding outwards made room for fewer, larger steps


def _tidy(value: float) -> float:
    """Drop the dust of binary fractions: 0.30000000000000004 is 0.3."""
    return float(f"{value:.12g}")
