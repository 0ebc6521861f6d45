"""Percentiles of histograms."""

import pytest
from benchmark.latency import merged, percentile

MILLISECONDS = [[1_000_000, 50], [2_000_000, 49], [9_000_000, 1]]


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 1), (0.51, 2), (0.99, 2), (0.991, 9), (1, 9)])
def test_so_large_a_share_does_not_exceed_a_percentile(share: float, value: float) -> None:
    assert percentile(MILLISECONDS, share) == value


def test_a_histogram_without_values_has_no_percentiles() -> None:
    with pytest.raises(ValueError, match="without values"):
        percentile([], 0.5)


def test_merging_adds_the_counts_of_equal_buckets() -> None:
    assert merged([[[5, 1], [7, 2]], [[5, 3], [6, 4]]]) == [(5, 4), (6, 4), (7, 2)]
