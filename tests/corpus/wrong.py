"""All wrong answers, and which mistakes give the same numbers for all inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from . import wrong_attention, wrong_heads, wrong_softmax, wrong_tokens
from .entries import SELF_ARGUMENTS, Mistake, Wrong, edited
from .wrong_attention import BODIES, SCALE, M

_ATTENTION = (
    ("softmax-over-queries", "scores-and-weights-transposed"),
    ("queries-and-keys-swapped", "softmax-over-queries-and-weights-transposed"),
    ("weights-transposed", "scores-transposed-and-softmax-over-queries"),
    ("omega-q-for-keys", "queries-with-queries"),
    ("beta-q-for-all", "beta-q-for-values"),
    ("biases-forgotten", "bias-of-queries-and-values-forgotten"),
    ("bias-of-queries-forgotten", "bias-of-queries-and-keys-forgotten"),
    ("uniform-weights", "dot-product-summed-over-everything"),
)
_SCALED = (
    ("scale-without-root", "scale-on-queries-and-keys"),
    ("scale-after-softmax", "scale-on-values"),
)
_HEADS = (
    ("scale-by-two", "scale-by-number-of-heads", "scale-typed-in"),
    ("scale-precedence", "scale-by-model-size"),
    ("first-head-twice", "parameters-of-head-1-for-both"),
    ("second-head-twice", "parameters-of-head-2-for-both"),
    ("omega-k1-for-both", "keys-of-head-1-for-both"),
    ("scores-of-head-1-for-both", "weights-of-head-1-for-both"),
    ("heads-reversed", "blocks-of-omega-c-swapped"),
    ("heads-side-by-side", "heads-interleaved"),
    ("one-large-head:scale of a head", "scores-summed-over-heads"),
)

SAME: dict[str, tuple[frozenset[str], ...]] = {
    question: tuple(map(frozenset, groups))
    for question, groups in {
        "softmax": (("exponentials-not-normalised:maximum subtracted", "divided-by-largest"),),
        "softmax_cols": (("exponentials-not-normalised:maximum subtracted", "divided-by-largest"),),
        "queries_keys_values": (("omegas-transposed", "rows-convention"),),
        "all_x_prime": (("last-query-for-all", "same-array-in-all-places"),),
        "self_attention": _ATTENTION,
        "scaled_dot_product_self_attention": (*_ATTENTION, *_SCALED),
        "multihead_scaled_self_attention": (*_ATTENTION, *_SCALED, *_HEADS),
    }.items()
}
"""By question, the mistakes that give the same numbers for all inputs; a test holds this against numbers.

Where the keys' bias plays a part: it adds the same number to all scores of a query, so that it makes no difference
whether it is forgotten or another one.
"""


def _plain(codes: Mapping[str, str], mistake: Mistake) -> Iterator[tuple[str, str]]:
    for style, change in mistake.codes.items():
        yield style, change if isinstance(change, str) else edited(codes[style], *change)


def _one_head(name: str, mistake: Mistake, *, scaled: bool) -> Iterator[tuple[str, str]]:
    for style, change in mistake.codes.items():
        head = f"\ndef {name}({', '.join(SELF_ARGUMENTS)}):"
        body = BODIES[style] if scaled else edited(BODIES[style], (SCALE[style], ""))
        assert not isinstance(change, str)
        yield style, edited(head + body, *change)


def _two_heads(mistake: Mistake) -> Iterator[tuple[str, str]]:
    for style, change in mistake.codes.items():
        assert not isinstance(change, str)
        yield style, wrong_heads.two_heads(style, *change)


def _combined(mistake: Mistake) -> Iterator[tuple[str, str]]:
    for style, change in mistake.codes.items():
        assert not isinstance(change, str)
        yield style, edited(wrong_heads.two_heads(style), *change)


def straight_on(question: str) -> str:
    """Return the right answer to a question as it comes first to mind; mistakes are changes to it."""
    if question == "multihead_scaled_self_attention":
        return wrong_heads.two_heads(M)
    if question in ("self_attention", "scaled_dot_product_self_attention"):
        right = Mistake(slug="", says="", step="", codes={M: ()})
        ((_, code),) = _one_head(question, right, scaled=question != "self_attention")
        return code
    codes = {
        "softmax": wrong_softmax.OF_A_LIST,
        "softmax_cols": wrong_softmax.OF_COLUMNS,
        "queries_keys_values": wrong_tokens.QUERIES_KEYS_VALUES,
        "all_x_prime": wrong_tokens.ALL_X_PRIME,
        "X_prime": wrong_tokens.X_PRIME,
    }[question]
    return next(iter(codes.values()))


MISTAKES: dict[str, dict[str, Mistake]] = {}
"""By question and slug, all mistakes."""

WRONG: list[Wrong] = []


def _add(
    question: str, mistakes: Iterable[Mistake], codes: Callable[[Mistake], Iterator[tuple[str, str]]]
) -> None:
    for mistake in mistakes:
        known = MISTAKES.setdefault(question, {})
        if mistake.slug in known:
            raise ValueError(f"{question}: {mistake.slug} is there twice")
        known[mistake.slug] = mistake
        for style, code in codes(mistake):
            WRONG.append(
                Wrong(
                    mistake=mistake.slug,
                    question=question,
                    style=style,
                    code=code,
                    says=mistake.says,
                    labels=frozenset(),
                    steps=frozenset(),
                    runs=mistake.runs,
                    disagrees=mistake.disagrees.get(style, ""),
                )
            )


def _fill() -> None:
    _add("softmax", wrong_softmax.SOFTMAX, lambda each: _plain(wrong_softmax.OF_A_LIST, each))
    _add("softmax_cols", wrong_softmax.COLUMNS, lambda each: _plain(wrong_softmax.OF_COLUMNS, each))
    _add(
        "queries_keys_values", wrong_tokens.PARTS, lambda each: _plain(wrong_tokens.QUERIES_KEYS_VALUES, each)
    )
    _add("all_x_prime", wrong_tokens.OUTPUTS, lambda each: _plain(wrong_tokens.ALL_X_PRIME, each))
    _add("X_prime", wrong_tokens.RESULT, lambda each: _plain(wrong_tokens.X_PRIME, each))
    single = [*wrong_attention.ORIENTATION, *wrong_attention.OTHERS, *wrong_attention.OF_ONE_HEAD]
    name = "self_attention"
    _add(name, single, lambda each: _one_head("self_attention", each, scaled=False))
    _add(name, wrong_attention.NOT_ASKED, lambda each: _one_head("self_attention", each, scaled=True))
    name = "scaled_dot_product_self_attention"
    _add(
        name,
        [*single, *wrong_attention.SCALES],
        lambda each: _one_head("scaled_dot_product_self_attention", each, scaled=True),
    )
    name = "multihead_scaled_self_attention"
    in_each = [
        each
        for each in [*wrong_attention.ORIENTATION, *wrong_attention.OTHERS]
        if each.slug != "zeros-returned"
    ]
    in_each += [each for each in wrong_attention.OF_ONE_HEAD if each.slug == "first-token-only"]
    _add(name, [*in_each, *wrong_attention.SCALES, *wrong_heads.MODEL_SCALES], _two_heads)
    _add(name, [*wrong_heads.HEADS, *wrong_heads.ONE_HEAD_IN_TWO], _combined)
    for position, wrong in enumerate(WRONG):
        slugs = next(
            (group for group in SAME.get(wrong.question, ()) if wrong.mistake in group),
            frozenset([wrong.mistake]),
        )
        WRONG[position] = replace(
            wrong,
            labels=frozenset(slug.split(":")[0] for slug in slugs),
            steps=frozenset(MISTAKES[wrong.question][slug].step for slug in slugs),
        )


_fill()
