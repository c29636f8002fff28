# SPDX-License-Identifier: Apache-2.0
"""Writes the golden file of the cluster bootstrap: intervals by NumPy, with many more resamples.

    python golden_bootstrap.py > ../resources/dev/w2s/cli/experiment/measure/bootstrap.json
"""
import json

import numpy as np

RESAMPLES = 200_000


def case(name, rng, clusters, each, ratio):
    level = rng.normal(1.0, 2.0, clusters)
    amounts = np.round(level[:, None] + rng.normal(0.0, 1.0, (clusters, each)), 3)
    per = rng.integers(5, 50, (clusters, each)) if ratio else np.ones((clusters, each), int)
    amounts = np.round(amounts * per, 3)
    drawn = np.random.default_rng(7).integers(0, clusters, (RESAMPLES, clusters))
    resampled = amounts.sum(1)[drawn].sum(1) / per.sum(1)[drawn].sum(1)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {
        "name": name,
        "amounts": amounts.tolist(),
        "per": per.tolist(),
        "value": float(amounts.sum() / per.sum()),
        "low": float(low),
        "high": float(high),
    }


def win(rng, clusters, each):
    """Shares of wins, ties for half, by comparison of two methods."""
    one = rng.integers(0, 4, (clusters, each))
    other = rng.integers(0, 4, (clusters, each))
    wins = (one > other) + 0.5 * (one == other)
    drawn = np.random.default_rng(8).integers(0, clusters, (RESAMPLES, clusters))
    low, high = np.quantile(wins.mean(1)[drawn].mean(1), [0.025, 0.975])
    return {
        "one": one.tolist(),
        "other": other.tolist(),
        "value": float(wins.mean()),
        "low": float(low),
        "high": float(high),
    }


rng = np.random.default_rng(1)
values = np.sort(np.round(rng.normal(0, 1, 17), 3))
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "clusters": [
                case("mean of 30 prompts under 3 seeds", rng, 30, 3, False),
                case("mean of 12 prompts under 1 seed", rng, 12, 1, False),
                case("nats over tokens", rng, 40, 2, True),
            ],
            "win": win(rng, 25, 3),
            "quantiles": {
                "values": values.tolist(),
                "shares": [0.0, 0.025, 0.3, 0.5, 0.975, 1.0],
                "expected": np.quantile(values, [0.0, 0.025, 0.3, 0.5, 0.975, 1.0]).tolist(),
            },
        }
    )
)
