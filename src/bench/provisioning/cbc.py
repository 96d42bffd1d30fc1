"""Solves integer programs with PuLP and CBC, as BAMAS did. Reads a JSON list of programs, writes a JSON list of answers.

A program is {"costs", "tiers", "weights", "most", "budget", "least"}: costs and tiers by model, weights by tier. An answer
is {"ms", "counts"}: the time to build and to solve, and the instances by tier, or null where CBC finds none.
"""

import json
import sys
import time

import pulp


def solve(program, solver):
    started = time.perf_counter()
    problem = pulp.LpProblem("pool", pulp.LpMaximize)
    xs = [
        pulp.LpVariable(f"x{index}", 0, most, cat="Integer") for index, most in enumerate(program["most"])
    ]
    problem += pulp.lpSum(program["weights"][tier] * x for tier, x in zip(program["tiers"], xs))
    problem += pulp.lpSum(cost * x for cost, x in zip(program["costs"], xs)) <= program["budget"]
    problem += pulp.lpSum(xs) >= program["least"]
    status = problem.solve(solver)
    ms = (time.perf_counter() - started) * 1000
    if pulp.LpStatus[status] != "Optimal":
        return {"ms": ms, "counts": None}
    counts = [0] * len(program["weights"])
    for tier, x in zip(program["tiers"], xs):
        counts[tier] += round(x.value())
    return {"ms": ms, "counts": counts}


cbc = pulp.COIN_CMD(msg=False)
if not cbc.available():
    sys.exit("PuLP finds no CBC")
json.dump([solve(program, cbc) for program in json.load(sys.stdin)], sys.stdout)
