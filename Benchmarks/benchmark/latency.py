"""Percentiles of the histograms that the load generator prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Pairs of a bucket's largest value, in nanoseconds, and how many values it has, in ascending order.
Histogram = Sequence[Sequence[int]]

MILLISECOND = 1e6


def percentile(histogram: Histogram, share: float) -> float:
    """Find the value, in milliseconds, that so large a share of all values does not exceed."""
    wanted = share * sum(count for _, count in histogram)
    so_far = 0
    for value, count in histogram:
        so_far += count
        if so_far >= wanted:
            return value / MILLISECOND
    raise ValueError("a histogram without values has no percentiles")


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """Put the values of several runs into one histogram."""
    counts: dict[int, int] = {}
    for histogram in histograms:
        for value, count in histogram:
            counts[value] = counts.get(value, 0) + count
    return sorted(counts.items())
