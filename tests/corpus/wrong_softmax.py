"""Mistakes in the two softmax functions: of a list of numbers, and of each column of a matrix."""

from __future__ import annotations

from .entries import Mistake

EXPONENTIALS = "exponentials"
NORMALISING = "normalisation"
NORMALISING_COLUMNS = "normalisation of each column"

A, L, C = "arrays", "loops", "comprehension"

OF_A_LIST = {
    A: """
def softmax(items_in):
    scores = np.array(items_in, dtype=float)
    exponentials = np.exp(scores - np.max(scores))
    items_out = exponentials / np.sum(exponentials)
    return items_out
""",
    L: """
def softmax(items_in):
    largest = items_in[0]
    for item in items_in:
        if item > largest:
            largest = item
    exponentials = []
    total = 0
    for item in items_in:
        exponentials.append(np.exp(item - largest))
        total += exponentials[-1]
    items_out = []
    for each in exponentials:
        items_out.append(each / total)
    return items_out
""",
    C: """
def softmax(items_in):
    return [np.exp(item) / sum(np.exp(other) for other in items_in) for item in items_in]
""",
}

OF_COLUMNS = {
    A: """
def softmax_cols(data_in):
    exp_values = np.exp(data_in - np.max(data_in, axis=0))
    denom = np.sum(exp_values, axis=0)
    weights = exp_values / denom
    return weights
""",
    L: """
def softmax_cols(data_in):
    weights = np.zeros(data_in.shape)
    for n in range(data_in.shape[1]):
        column = data_in[:, n]
        total = 0
        for m in range(len(column)):
            weights[m, n] = np.exp(column[m] - max(column))
            total += weights[m, n]
        for m in range(len(column)):
            weights[m, n] = weights[m, n] / total
    return weights
""",
    C: """
def softmax_cols(data_in):
    def of_one(column):
        return np.exp(column - max(column)) / sum(np.exp(column - max(column)))

    return np.array([of_one(column) for column in data_in.T]).T
""",
}

SOFTMAX = [
    Mistake(
        slug="exponentials-not-normalised",
        says="the exponentials are not divided by their sum",
        step=NORMALISING,
        codes={
            A: ((" - np.max(scores)", ""), (" / np.sum(exponentials)", "")),
            L: (("item - largest", "item"), ("each / total", "each")),
            C: ((" / sum(np.exp(other) for other in items_in)", ""),),
        },
    ),
    Mistake(
        slug="exponentials-not-normalised:maximum subtracted",
        says="the exponentials are not divided by their sum, the maximum subtracted",
        step=NORMALISING,
        codes={A: ((" / np.sum(exponentials)", ""),), L: (("each / total", "each"),)},
    ),
    Mistake(
        slug="negative-exponents",
        says="the exponents have the wrong sign",
        step=EXPONENTIALS,
        codes={
            A: (("scores - np.max(scores)", "-scores"),),
            L: (("np.exp(item - largest)", "np.exp(largest - item)"),),
            C: (("np.exp(", "np.exp(-"),),
        },
    ),
    Mistake(
        slug="base-two",
        says="powers of two take the place of the exponential",
        step=EXPONENTIALS,
        codes={
            A: (("np.exp(", "np.exp2("),),
            L: (("np.exp(item - largest)", "2.0 ** (item - largest)"),),
            C: (("np.exp(item)", "2**item"), ("np.exp(other)", "2**other")),
        },
    ),
    Mistake(
        slug="base-ten",
        says="powers of ten take the place of the exponential",
        step=EXPONENTIALS,
        codes={
            A: (("np.exp(", "10 ** ("),),
            C: (("np.exp(item)", "10**item"), ("np.exp(other)", "10**other")),
        },
    ),
    Mistake(
        slug="divided-by-sum-without-exponential",
        says="the scores are divided by their sum, without an exponential",
        step=EXPONENTIALS,
        codes={
            A: (("np.exp(scores - np.max(scores))", "scores"),),
            L: (("np.exp(item - largest)", "item"),),
            C: (("np.exp(item)", "item"), ("np.exp(other)", "other")),
        },
    ),
    Mistake(
        slug="divided-by-sum-of-magnitudes",
        says="the scores are divided by the sum of their magnitudes",
        step=EXPONENTIALS,
        codes={
            A: (
                ("np.exp(scores - np.max(scores))", "scores"),
                ("np.sum(exponentials)", "np.sum(np.abs(scores))"),
            ),
            C: (("np.exp(item)", "item"), ("np.exp(other)", "abs(other)")),
        },
    ),
    Mistake(
        slug="exponentials-divided-by-sum-of-scores",
        says="the exponentials are divided by the sum of the scores",
        step=NORMALISING,
        codes={
            A: ((" - np.max(scores)", ""), ("np.sum(exponentials)", "np.sum(scores)")),
            L: (("item - largest", "item"), ("total += exponentials[-1]", "total += item")),
            C: (("sum(np.exp(other) for other in items_in)", "sum(items_in)"),),
        },
    ),
    Mistake(
        slug="exponential-of-sum",
        says="the exponentials are divided by the exponential of the sum of the scores",
        step=NORMALISING,
        codes={
            A: ((" - np.max(scores)", ""), ("np.sum(exponentials)", "np.exp(np.sum(scores))")),
            C: (("sum(np.exp(other) for other in items_in)", "np.exp(sum(items_in))"),),
        },
    ),
    Mistake(
        slug="sigmoid",
        says="a sigmoid takes the place of the softmax",
        step=NORMALISING,
        codes={
            A: (("exponentials / np.sum(exponentials)", "1 / (1 + np.exp(-scores))"),),
            C: (("np.exp(item) / sum(np.exp(other) for other in items_in)", "1 / (1 + np.exp(-item))"),),
        },
    ),
    Mistake(
        slug="log-softmax",
        says="the logarithm of the softmax is returned",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return np.log(items_out)"),),
            L: (("each / total", "np.log(each / total)"),),
            C: (
                (
                    "np.exp(item) / sum(np.exp(other) for other in items_in)",
                    "item - np.log(sum(np.exp(other) for other in items_in))",
                ),
            ),
        },
    ),
    Mistake(
        slug="softmax-twice",
        says="the softmax is taken twice",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return np.exp(items_out) / np.sum(np.exp(items_out))"),),
            L: (
                ("return items_out", "return [np.exp(each) / sum(np.exp(items_out)) for each in items_out]"),
            ),
        },
    ),
    Mistake(
        slug="mean-instead-of-sum",
        says="the exponentials are divided by their mean, not by their sum",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "np.mean(exponentials)"),),
            L: (("each / total", "each / (total / len(items_in))"),),
            C: (
                (
                    "sum(np.exp(other) for other in items_in)",
                    "np.mean([np.exp(other) for other in items_in])",
                ),
            ),
        },
    ),
    Mistake(
        slug="divided-by-largest",
        says="the exponentials are divided by the largest of them, not by their sum",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "np.max(exponentials)"),),
            L: (("each / total", "each / max(exponentials)"),),
            C: (("sum(np.exp(other) for other in items_in)", "max(np.exp(other) for other in items_in)"),),
        },
    ),
    Mistake(
        slug="one-added-to-the-sum",
        says="one is added to the sum",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "(1 + np.sum(exponentials))"),),
            L: (("total = 0", "total = 1"),),
        },
    ),
    Mistake(
        slug="one-added-to-the-sum:maximum not subtracted",
        says="one is added to the sum",
        step=NORMALISING,
        codes={
            C: (
                (
                    "sum(np.exp(other) for other in items_in)",
                    "(1 + sum(np.exp(other) for other in items_in))",
                ),
            ),
            A: ((" - np.max(scores)", ""), ("np.sum(exponentials)", "(1 + np.sum(exponentials))")),
        },
    ),
    Mistake(
        slug="small-number-added-to-the-sum",
        says="0.01 is added to the sum",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "(np.sum(exponentials) + 0.01)"),),
            L: (("total = 0", "total = 0.01"),),
        },
    ),
    Mistake(
        slug="maximum-in-numerator-only",
        says="the maximum is subtracted in the numerator only",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "np.sum(np.exp(scores))"),),
            L: (("total += exponentials[-1]", "total += np.exp(item)"),),
            C: (("np.exp(item)", "np.exp(item - max(items_in))"),),
        },
    ),
    Mistake(
        slug="maximum-in-denominator-only",
        says="the maximum is subtracted in the denominator only",
        step=NORMALISING,
        codes={
            A: (("exponentials / np.sum", "np.exp(scores) / np.sum"),),
            C: (("np.exp(other)", "np.exp(other - max(items_in))"),),
        },
    ),
    Mistake(
        slug="divided-by-maximum-before-exponential",
        says="the scores are divided by their maximum, where it was to be subtracted",
        step=EXPONENTIALS,
        codes={
            A: (("scores - np.max(scores)", "scores / np.max(scores)"),),
            L: (("item - largest", "item / largest"),),
        },
    ),
    Mistake(
        slug="minimum-to-maximum",
        says="the scores are mapped from 0 to 1",
        step=EXPONENTIALS,
        codes={
            A: (
                (
                    "exponentials / np.sum(exponentials)",
                    "(scores - scores.min()) / (scores.max() - scores.min())",
                ),
            ),
            C: (
                (
                    "np.exp(item) / sum(np.exp(other) for other in items_in)",
                    "(item - min(items_in)) / (max(items_in) - min(items_in))",
                ),
            ),
        },
    ),
    Mistake(
        slug="rounded",
        says="the weights are rounded to two decimals",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return np.round(items_out, 2)"),),
            C: (
                (
                    "np.exp(item) / sum(np.exp(other) for other in items_in)",
                    "round(np.exp(item) / sum(np.exp(other) for other in items_in), 2)",
                ),
            ),
        },
    ),
    Mistake(
        slug="whole-numbers",
        says="the weights are put into an array of whole numbers: all zero",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return items_out.astype(int)"),),
            L: (("each / total", "int(each / total)"),),
        },
    ),
    Mistake(
        slug="hard-maximum",
        says="the largest score gets all the weight",
        step=NORMALISING,
        codes={
            A: (("exponentials / np.sum(exponentials)", "(scores == scores.max()) * 1.0"),),
            C: (("np.exp(item) / sum(np.exp(other) for other in items_in)", "float(item == max(items_in))"),),
        },
    ),
    Mistake(
        slug="length-one",
        says="the exponentials are divided by the root of the sum of their squares",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "np.linalg.norm(exponentials)"),),
            C: (
                (
                    "sum(np.exp(other) for other in items_in)",
                    "sum(np.exp(other) ** 2 for other in items_in) ** 0.5",
                ),
            ),
        },
    ),
    Mistake(
        slug="temperature",
        says="the scores are divided by two first",
        step=EXPONENTIALS,
        codes={
            A: (("scores - np.max(scores)", "scores / 2"),),
            C: (("np.exp(item)", "np.exp(item / 2)"), ("np.exp(other)", "np.exp(other / 2)")),
        },
    ),
    Mistake(
        slug="scores-squared",
        says="the scores are squared first",
        step=EXPONENTIALS,
        codes={
            A: (("scores - np.max(scores)", "scores**2"),),
            C: (("np.exp(item)", "np.exp(item**2)"), ("np.exp(other)", "np.exp(other**2)")),
        },
    ),
    Mistake(
        slug="magnitudes-of-scores",
        says="the magnitudes of the scores are taken",
        step=EXPONENTIALS,
        codes={
            A: (("scores - np.max(scores)", "np.abs(scores)"),),
            C: (("np.exp(item)", "np.exp(abs(item))"), ("np.exp(other)", "np.exp(abs(other))")),
        },
    ),
    Mistake(
        slug="only-the-others-in-the-sum",
        says="each exponential is divided by the sum of the others",
        step=NORMALISING,
        codes={
            A: (("np.sum(exponentials)", "(np.sum(exponentials) - exponentials)"),),
            L: (("each / total", "each / (total - each)"),),
        },
    ),
    Mistake(
        slug="running-sum",
        says="each exponential is divided by the sum so far",
        step=NORMALISING,
        codes={
            L: (
                (
                    "total += exponentials[-1]\n    items_out = []\n    for each in exponentials:\n        items_out.append(each / total)",
                    "total += exponentials[-1]\n        exponentials[-1] /= total\n    items_out = exponentials",
                ),
            ),
            A: (("np.sum(exponentials)", "np.cumsum(exponentials)"),),
        },
    ),
    Mistake(
        slug="last-score-for-all",
        says="a loop variable has leaked: the exponential of the last score is used for all",
        step=EXPONENTIALS,
        codes={
            L: (("items_out.append(each / total)", "items_out.append(np.exp(item - largest) / total)"),),
            A: (("exponentials / np.sum", "exponentials[-1] * np.ones(len(scores)) / np.sum"),),
        },
    ),
    Mistake(
        slug="uniform",
        says="all weights are the same",
        step=NORMALISING,
        codes={
            A: (("exponentials / np.sum(exponentials)", "np.ones(len(scores)) / len(scores)"),),
            C: (("np.exp(item) / sum(np.exp(other) for other in items_in)", "1 / len(items_in)"),),
        },
    ),
    Mistake(
        slug="zeros-returned",
        says="what was computed is not what is returned: zeros",
        step=NORMALISING,
        codes={
            A: (
                (
                    "    items_out = exponentials",
                    "    items_out = np.zeros(len(items_in))\n    result = exponentials",
                ),
            ),
            L: (("items_out.append(each / total)", "items_out.append(0)"),),
        },
    ),
    Mistake(
        slug="sorted",
        says="the weights are in another order: sorted",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return np.sort(items_out)"),),
            C: (("for item in items_in]", "for item in sorted(items_in)]"),),
        },
    ),
    Mistake(
        slug="reversed",
        says="the weights are in reversed order",
        step=NORMALISING,
        codes={
            L: (("items_out.append(each / total)", "items_out.insert(0, each / total)"),),
            A: (("return items_out", "return items_out[::-1]"),),
        },
    ),
    Mistake(
        slug="scores-returned",
        says="the scores are returned as they are",
        step=EXPONENTIALS,
        codes={
            A: (("return items_out", "return scores"),),
            C: (("np.exp(item) / sum(np.exp(other) for other in items_in)", "item"),),
        },
    ),
    Mistake(
        slug="sum-returned",
        says="the sum of the exponentials is returned",
        step=NORMALISING,
        codes={
            A: (("return items_out", "return np.sum(exponentials)"),),
            L: (("return items_out", "return total"),),
        },
    ),
    Mistake(
        slug="returns-in-first-round",
        says="the function returns in the first round of its loop",
        step=NORMALISING,
        codes={
            L: (("    return items_out", "        return items_out"),),
            A: (("return items_out", "return items_out[:1]"),),
        },
    ),
    Mistake(
        slug="nothing-returned",
        says="the result is computed and not returned",
        step=NORMALISING,
        codes={A: (("return items_out", "items_out"),), L: (("return items_out", "print(items_out)"),)},
        runs=False,
    ),
]

_OF_ONE = "np.exp(column - max(column)) / sum(np.exp(column - max(column)))"

COLUMNS = [
    Mistake(
        slug="softmax-over-rows",
        says="the softmax is taken of each row",
        step=NORMALISING_COLUMNS,
        codes={
            A: (
                ("axis=0", "axis=1"),
                ("np.max(data_in, axis=1)", "np.max(data_in, axis=1, keepdims=True)"),
                ("np.sum(exp_values, axis=1)", "np.sum(exp_values, axis=1, keepdims=True)"),
            ),
            L: (
                ("range(data_in.shape[1])", "range(data_in.shape[0])"),
                ("data_in[:, n]", "data_in[n]"),
                ("weights[m, n]", "weights[n, m]"),
            ),
            C: (("data_in.T]).T", "data_in])"),),
        },
    ),
    Mistake(
        slug="sum-over-rows",
        says="the sums of the rows divide the columns: which only works for square matrices",
        step=NORMALISING_COLUMNS,
        codes={
            A: (
                ("np.sum(exp_values, axis=0)", "np.sum(exp_values, axis=1)"),
                (" - np.max(data_in, axis=0)", ""),
            )
        },
        runs=False,
    ),
    Mistake(
        slug="softmax-over-everything",
        says="the exponentials are summed without an axis",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("np.sum(exp_values, axis=0)", "np.sum(exp_values)"), (" - np.max(data_in, axis=0)", "")),
            L: (
                (
                    "    weights = np.zeros(data_in.shape)\n",
                    "    weights = np.zeros(data_in.shape)\n    total = 0\n",
                ),
                ("        total = 0\n        for", "        for"),
                ("np.exp(column[m] - max(column))", "np.exp(column[m] - np.max(data_in))"),
                (
                    "        for m in range(len(column)):\n            weights[m, n] = weights[m, n] / total\n    return weights",
                    "    return weights / total",
                ),
            ),
            C: (("sum(np.exp(column - max(column)))", "np.exp(data_in - max(column)).sum()"),),
        },
    ),
    Mistake(
        slug="softmax-over-everything:column maxima subtracted",
        says="the exponentials, less the maximum of each column, are summed without an axis",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("np.sum(exp_values, axis=0)", "np.sum(exp_values)"),),
            L: (
                (
                    "    return weights",
                    "    return np.exp(data_in - data_in.max(axis=0)) / np.exp(data_in - data_in.max(axis=0)).sum()",
                ),
            ),
        },
    ),
    Mistake(
        slug="result-transposed",
        says="the result is returned transposed",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return weights.T"),),
            L: (
                ("np.zeros(data_in.shape)", "np.zeros(data_in.shape[::-1])"),
                ("weights[m, n]", "weights[n, m]"),
            ),
            C: (("data_in.T]).T", "data_in.T])"),),
        },
    ),
    Mistake(
        slug="softmax-over-rows:transposed",
        says="the softmax is taken of each row, and the result is transposed",
        step=NORMALISING_COLUMNS,
        codes={
            C: (("data_in.T]).T", "data_in]).T"),),
            A: (("    exp_values", "    data_in = data_in.T\n    exp_values"),),
        },
    ),
    Mistake(
        slug="exponentials-not-normalised",
        says="the exponentials are not divided by their sum",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "exp_values"), (" - np.max(data_in, axis=0)", "")),
            L: (("weights[m, n] / total", "np.exp(column[m])"),),
            C: ((_OF_ONE, "np.exp(column)"),),
        },
    ),
    Mistake(
        slug="exponentials-not-normalised:maximum subtracted",
        says="the exponentials are not divided by their sum, the maximum of each column subtracted",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "exp_values"),),
            L: (("weights[m, n] / total", "weights[m, n]"),),
            C: ((" / sum(np.exp(column - max(column)))", ""),),
        },
    ),
    Mistake(
        slug="maximum-of-each-row-subtracted",
        says="the maximum of each row is subtracted",
        step=EXPONENTIALS,
        codes={
            A: (("np.max(data_in, axis=0)", "np.max(data_in, axis=1, keepdims=True)"),),
            L: (("max(column))", "max(data_in[m]))"),),
        },
    ),
    Mistake(
        slug="negative-exponents",
        says="the exponents have the wrong sign",
        step=EXPONENTIALS,
        codes={
            A: (("data_in - np.max(data_in, axis=0)", "-data_in"),),
            L: (("column[m] - max(column)", "min(column) - column[m]"),),
            C: (("column - max(column)", "-column"),),
        },
    ),
    Mistake(
        slug="base-two",
        says="powers of two take the place of the exponential",
        step=EXPONENTIALS,
        codes={
            A: (("np.exp(", "np.exp2("),),
            L: (("np.exp(", "2.0 ** ("),),
            C: (("np.exp(", "np.power(2.0, "),),
        },
    ),
    Mistake(
        slug="divided-by-sum-without-exponential",
        says="the scores are divided by the sum of their column, without an exponential",
        step=EXPONENTIALS,
        codes={
            A: (("np.exp(data_in - np.max(data_in, axis=0))", "data_in"),),
            L: (("np.exp(column[m] - max(column))", "column[m]"),),
            C: ((_OF_ONE, "column / sum(column)"),),
        },
    ),
    Mistake(
        slug="exponentials-divided-by-sum-of-scores",
        says="the exponentials are divided by the sum of the scores of the column",
        step=NORMALISING_COLUMNS,
        codes={
            A: (
                (" - np.max(data_in, axis=0)", ""),
                ("np.sum(exp_values, axis=0)", "np.sum(data_in, axis=0)"),
            ),
            C: ((_OF_ONE, "np.exp(column) / sum(column)"),),
        },
    ),
    Mistake(
        slug="sigmoid",
        says="a sigmoid takes the place of the softmax",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "1 / (1 + np.exp(-data_in))"),),
            L: (("weights[m, n] / total", "1 / (1 + np.exp(-column[m]))"),),
        },
    ),
    Mistake(
        slug="log-softmax",
        says="the logarithm of the softmax is returned",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return np.log(weights)"),),
            C: (("]).T", "]).T - np.zeros(1)"), (_OF_ONE, "column - np.log(sum(np.exp(column)))")),
        },
    ),
    Mistake(
        slug="softmax-twice",
        says="the softmax is taken twice",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return np.exp(weights) / np.exp(weights).sum(axis=0)"),),
            C: (("of_one(column) for", "of_one(of_one(column)) for"),),
        },
    ),
    Mistake(
        slug="softmax-over-both-axes",
        says="the result is normalised once more, over the rows",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return weights / weights.sum(axis=1, keepdims=True)"),),
            L: (("return weights", "return np.array([row / sum(row) for row in weights])"),),
        },
    ),
    Mistake(
        slug="mean-instead-of-sum",
        says="the exponentials are divided by their mean, not by their sum",
        step=NORMALISING_COLUMNS,
        codes={A: (("np.sum(", "np.mean("),), L: (("/ total", "/ (total / len(column))"),)},
    ),
    Mistake(
        slug="divided-by-largest",
        says="the exponentials are divided by the largest of their column",
        step=NORMALISING_COLUMNS,
        codes={
            A: ((" - np.max(data_in, axis=0)", ""), ("np.sum(exp_values", "np.max(exp_values")),
            C: ((_OF_ONE, "np.exp(column) / max(np.exp(column))"),),
        },
    ),
    Mistake(
        slug="one-added-to-the-sum",
        says="one is added to the sum",
        step=NORMALISING_COLUMNS,
        codes={A: (("/ denom", "/ (denom + 1)"),), L: (("total = 0", "total = 1"),)},
    ),
    Mistake(
        slug="small-number-added-to-the-sum",
        says="0.001 is added to the sum",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("/ denom", "/ (denom + 1e-3)"),),
            C: (("/ sum(", "/ (1e-3 + sum("), ("max(column)))\n", "max(column))))\n")),
        },
    ),
    Mistake(
        slug="maximum-in-numerator-only",
        says="the maximum is subtracted in the numerator only",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("np.sum(exp_values, axis=0)", "np.sum(np.exp(data_in), axis=0)"),),
            L: (("total += weights[m, n]", "total += np.exp(column[m])"),),
        },
    ),
    Mistake(
        slug="maximum-in-denominator-only",
        says="the maximum is subtracted in the denominator only",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "np.exp(data_in) / denom"),),
            L: (("weights[m, n] / total", "np.exp(column[m]) / total"),),
        },
    ),
    Mistake(
        slug="divided-by-maximum-before-exponential",
        says="the scores are divided by the maximum of their column",
        step=EXPONENTIALS,
        codes={
            A: (("data_in - np.max", "data_in / np.max"),),
            C: (("column - max(column)", "column / max(column)"),),
        },
    ),
    Mistake(
        slug="minimum-to-maximum",
        says="each column is mapped from 0 to 1",
        step=EXPONENTIALS,
        codes={
            A: (
                (
                    "exp_values / denom",
                    "(data_in - data_in.min(axis=0)) / (data_in.max(axis=0) - data_in.min(axis=0))",
                ),
            ),
            C: ((_OF_ONE, "(column - min(column)) / (max(column) - min(column))"),),
        },
    ),
    Mistake(
        slug="rounded",
        says="the weights are rounded to two decimals",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return weights.round(2)"),),
            L: (("weights[m, n] / total", "round(weights[m, n] / total, 2)"),),
        },
    ),
    Mistake(
        slug="whole-numbers",
        says="the weights are put into an array of whole numbers",
        step=NORMALISING_COLUMNS,
        codes={A: (("return weights", "return weights.astype(int)"),), C: (("]).T", "]).T // 1"),)},
    ),
    Mistake(
        slug="hard-maximum",
        says="the largest score of each column gets all the weight",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "(data_in == data_in.max(axis=0)).astype(float)"),),
            C: ((_OF_ONE, "(column == max(column)) * 1.0"),),
        },
    ),
    Mistake(
        slug="temperature",
        says="the scores are divided by two first",
        step=EXPONENTIALS,
        codes={
            A: (("data_in - np.max(data_in, axis=0)", "data_in / 2"),),
            C: (("column - max(column)", "0.5 * column"),),
        },
    ),
    Mistake(
        slug="last-column-for-all",
        says="a loop variable has leaked: the sum of the last column divides all",
        step=NORMALISING_COLUMNS,
        codes={
            L: (
                (
                    "        for m in range(len(column)):\n            weights[m, n] = weights[m, n] / total\n    return weights",
                    "    return np.exp(data_in - max(column)) / total",
                ),
            ),
            A: (("exp_values / denom", "np.exp(data_in) / np.exp(data_in[:, -1]).sum()"),),
        },
    ),
    Mistake(
        slug="running-sum",
        says="the sum is not set to zero for each column",
        step=NORMALISING_COLUMNS,
        codes={
            L: (
                (
                    "    weights = np.zeros(data_in.shape)\n",
                    "    weights = np.zeros(data_in.shape)\n    total = 0\n",
                ),
                ("        total = 0\n        for", "        for"),
            ),
            A: (("exp_values / denom", "exp_values / np.cumsum(denom)"),),
        },
    ),
    Mistake(
        slug="uniform",
        says="all weights of a column are the same",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("exp_values / denom", "np.ones(data_in.shape) / len(data_in)"),),
            L: (("weights[m, n] / total", "1 / len(column)"),),
        },
    ),
    Mistake(
        slug="zeros-returned",
        says="what was computed is not what is returned: zeros",
        step=NORMALISING_COLUMNS,
        codes={
            A: (
                (
                    "    weights = exp_values / denom",
                    "    weights = np.zeros(data_in.shape)\n    exp_values / denom",
                ),
            ),
            L: (("weights[m, n] / total", "0"),),
        },
    ),
    Mistake(
        slug="scores-returned",
        says="the scores are returned as they are",
        step=EXPONENTIALS,
        codes={A: (("return weights", "return data_in"),), C: ((_OF_ONE, "column"),)},
    ),
    Mistake(
        slug="sums-returned",
        says="the sums are returned",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return denom"),),
            C: ((_OF_ONE, "sum(np.exp(column - max(column)))"),),
        },
    ),
    Mistake(
        slug="returns-in-first-round",
        says="the function returns in the first round of its loop: only the first column is there",
        step=NORMALISING_COLUMNS,
        codes={
            L: (("    return weights", "        return weights"),),
            A: (("return weights", "weights[:, 1:] = 0\n    return weights"),),
        },
    ),
    Mistake(
        slug="first-column-only",
        says="only the first column is returned",
        step=NORMALISING_COLUMNS,
        codes={
            A: (("return weights", "return weights[:, 0]"),),
            C: (
                (
                    "    return np.array([of_one(column) for column in data_in.T]).T",
                    "    for column in data_in.T:\n        return of_one(column)",
                ),
            ),
        },
    ),
    Mistake(
        slug="nothing-returned",
        says="the result is computed and not returned",
        step=NORMALISING_COLUMNS,
        codes={A: (("    return weights\n", ""),), L: (("return weights", "weights"),)},
        runs=False,
    ),
]
