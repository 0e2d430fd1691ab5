"""A class of students: what each of them handed in, and what a teacher says about it.

Written from the student notebooks alone, without a look at the masters: `python -m tests.students` shows what
the grader makes of them.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import nbformat
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.grading import judging
from autograder.model import Result, Verdict
from autograder.submission import Submission

COURSE = Path(__file__).parent.parent
CHECK = 'grader.check("{}")'
RIGHT = "right"
CARRIED = "carried: an earlier answer is wrong"

Answer: TypeAlias = str | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """One notebook.

    Attributes:
        name: the student.
        assignment: the notebook that was filled.
        answers: for each question, either what stands for each `...` or the whole cell. A cell without a
            question goes by the function that it defines. `ARGS` stands for the long list of arguments.
        wrong: for each question that is wrong, what a teacher says about it.
        carried: the questions that are wrong only because an earlier one is.
    """

    name: str
    assignment: str
    answers: Mapping[str, Answer]
    wrong: Mapping[str, str] = field(default_factory=dict)
    carried: Sequence[str] = ()

    def label(self, question: str) -> str:
        """Return what the teacher says about a question."""
        if question in self.carried:
            return CARRIED
        return self.wrong.get(question, RIGHT)


QKV = ("omega_q @ X + beta_q", "omega_k @ X + beta_k", "omega_v @ X + beta_v")

USUAL: dict[str, dict[str, Answer]] = {
    "self_attention": {
        "queries_keys_values": ("omega_q @ x + beta_q", "omega_k @ x + beta_k", "omega_v @ x + beta_v"),
        "softmax": ("np.exp(items_in - np.max(items_in))", "exponentials / np.sum(exponentials)"),
        "all_x_prime": (
            "[(k.T @ all_queries[n]).item() for k in all_keys]",
            "sum(a * v for a, v in zip(attention, all_values))",
        ),
        "self_attention": (*QKV, "K.T @ Q", "softmax_cols(dot_products)", "V @ attention"),
        "scaled_dot_product_self_attention": (
            *QKV,
            "K.T @ Q / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    },
    "multihead_attention": {
        "softmax_cols": (
            "np.exp(data_in - np.max(data_in, axis=0))",
            "np.sum(exp_values, axis=0)",
            "exp_values / denom",
        ),
        "multihead_scaled_self_attention": (
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
        "X_prime": ("multihead_scaled_self_attention(ARGS)",),
    },
}

ARGS = {
    "self_attention": "X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k",
    "multihead_attention": "X, omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1,\n"
    "        omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2, omega_c",
}

NOTHING: Mapping[str, str] = {}


def _single(
    name: str, wrong: Mapping[str, str] = NOTHING, carried: Sequence[str] = (), **answers: Answer
) -> Student:
    return Student(name=name, assignment="self_attention", answers=answers, wrong=wrong, carried=carried)


SELF_ATTENTION = (
    _single("anja"),
    _single(
        "bram",
        queries_keys_values="""
            all_queries = []
            all_keys = []
            all_values = []

            for x in all_x:
                # TODO
                query = np.dot(omega_q, x) + beta_q
                key = np.dot(omega_k, x) + beta_k
                value = np.dot(omega_v, x) + beta_v

                all_queries.append(query)
                all_keys.append(key)
                all_values.append(value)
            print(len(all_queries), all_queries[0].shape)
        """,
        softmax="""
            import math

            def softmax(items_in):
                biggest = items_in[0]
                for item in items_in:
                    if item > biggest:
                        biggest = item
                total = 0
                exponentials = []
                for item in items_in:
                    e = math.exp(item - biggest)
                    exponentials.append(e)
                    total += e
                items_out = []
                for e in exponentials:
                    items_out.append(e / total)
                return items_out
        """,
        all_x_prime="""
            all_x_prime = []

            for n in range(N):
                all_km_qn = []
                for m in range(N):
                    s = 0
                    for d in range(D):
                        s += all_keys[m][d, 0] * all_queries[n][d, 0]
                    all_km_qn.append(s)
                attention = softmax(all_km_qn)
                print(f"Attention of token {n}:", attention)
                x_prime = np.zeros((D, 1))
                for m in range(N):
                    x_prime += attention[m] * all_values[m]
                all_x_prime.append(x_prime)
        """,
        self_attention="""
            def self_attention(ARGS):
                D, N = X.shape
                X_prime = np.zeros((D, N))
                Q = np.dot(omega_q, X) + beta_q
                K = np.dot(omega_k, X) + beta_k
                V = np.dot(omega_v, X) + beta_v
                for n in range(N):
                    scores = [np.dot(K[:, m], Q[:, n]) for m in range(N)]
                    a = softmax(scores)
                    for m in range(N):
                        X_prime[:, n] += a[m] * V[:, m]
                return X_prime
        """,
        scaled_dot_product_self_attention="""
            import math

            def scaled_dot_product_self_attention(ARGS):
                D, N = X.shape
                X_prime = np.zeros((D, N))
                Q = np.dot(omega_q, X) + beta_q
                K = np.dot(omega_k, X) + beta_k
                V = np.dot(omega_v, X) + beta_v
                for n in range(N):
                    scores = [np.dot(K[:, m], Q[:, n]) / math.sqrt(D) for m in range(N)]
                    a = softmax(scores)
                    for m in range(N):
                        X_prime[:, n] += a[m] * V[:, m]
                return X_prime
        """,
    ),
    _single(
        "chiara",
        all_x_prime=(
            "[np.einsum('ij,ij->', k, all_queries[n]) for k in all_keys]",
            "np.einsum('m,mij->ij', np.array(attention), np.stack(all_values))",
        ),
        self_attention=(
            "np.einsum('ij,jn->in', omega_q, X) + beta_q",
            "np.einsum('ij,jn->in', omega_k, X) + beta_k",
            "np.einsum('ij,jn->in', omega_v, X) + beta_v",
            "np.einsum('dm,dn->mn', K, Q)",
            "softmax_cols(dot_products)",
            "np.einsum('dm,mn->dn', V, attention)",
        ),
        scaled_dot_product_self_attention=(
            "np.einsum('ij,jn->in', omega_q, X) + beta_q",
            "np.einsum('ij,jn->in', omega_k, X) + beta_k",
            "np.einsum('ij,jn->in', omega_v, X) + beta_v",
            "np.einsum('dm,dn->mn', K, Q) / np.sqrt(K.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "np.einsum('dm,mn->dn', V, attention)",
        ),
    ),
    _single(
        "dmitri",
        softmax="""
            def softmax(items_in):
                z = np.asarray(items_in, dtype=float)
                z = z - z.max()
                exponentials = np.exp(z)
                items_out = exponentials / exponentials.sum()
                return items_out.tolist()
        """,
        self_attention="""
            def self_attention(ARGS):
                def sm(a):
                    a = np.exp(a - a.max(axis=0, keepdims=True))
                    return a / a.sum(axis=0, keepdims=True)
                Q = np.matmul(omega_q, X) + beta_q
                K = np.matmul(omega_k, X) + beta_k
                V = np.matmul(omega_v, X) + beta_v
                return np.matmul(V, sm(np.matmul(K.transpose(), Q)))
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                def sm(a):
                    a = np.exp(a - a.max(axis=0, keepdims=True))
                    return a / a.sum(axis=0, keepdims=True)
                Q = np.matmul(omega_q, X) + beta_q
                K = np.matmul(omega_k, X) + beta_k
                V = np.matmul(omega_v, X) + beta_v
                d_k = K.shape[0]
                return np.matmul(V, sm(np.matmul(K.transpose(), Q) * d_k ** -0.5))
        """,
    ),
    _single(
        "elif",
        all_x_prime="""
            # her sorgu icin tum anahtarlarla nokta carpimi
            skorlar = [[(k.T @ q).item() for k in all_keys] for q in all_queries]
            agirliklar = [softmax(s) for s in skorlar]
            all_x_prime = [np.sum([a * v for a, v in zip(w, all_values)], axis=0) for w in agirliklar]
        """,
        self_attention="""
            def self_attention(ARGS):
                sorgular = omega_q @ X + np.repeat(beta_q, X.shape[1], axis=1)
                anahtarlar = omega_k @ X + np.repeat(beta_k, X.shape[1], axis=1)
                degerler = omega_v @ X + np.repeat(beta_v, X.shape[1], axis=1)
                dikkat = softmax_cols(anahtarlar.T @ sorgular)
                return degerler @ dikkat
        """,
    ),
    _single(
        "farid",
        {
            "self_attention": "the scores are transposed: Q.T @ K where K.T @ Q belongs, softmax over columns",
            "scaled_dot_product_self_attention": "the scores are transposed: Q.T @ K where K.T @ Q belongs",
        },
        self_attention=(*QKV, "Q.T @ K", "softmax_cols(dot_products)", "V @ attention"),
        scaled_dot_product_self_attention=(
            *QKV,
            "(Q.T @ K) / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "greta",
        {
            "self_attention": "softmax over each row: the weights of a query do not sum to one",
            "scaled_dot_product_self_attention": "softmax over each row",
        },
        self_attention=(
            *QKV,
            "np.dot(K.T, Q)",
            "np.apply_along_axis(softmax, 1, dot_products)",
            "np.dot(V, attention)",
        ),
        scaled_dot_product_self_attention=(
            *QKV,
            "np.dot(K.T, Q) / np.sqrt(K.shape[0])",
            "np.apply_along_axis(softmax, 1, scaled_dot_products)",
            "np.dot(V, attention)",
        ),
    ),
    _single(
        "hugo",
        {
            "self_attention": "attention weights not transposed: one row per query, used as V @ attention",
            "scaled_dot_product_self_attention": "attention weights not transposed",
        },
        self_attention=(*QKV, "Q.T @ K", "np.apply_along_axis(softmax, 1, dot_products)", "V @ attention"),
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                scale = np.sqrt(Q.shape[0])
                scaled_dot_products = (Q.T @ K) / scale
                # softmax for each query (row)
                attention = np.apply_along_axis(softmax, 1, scaled_dot_products)
                X_prime = V @ attention
                return X_prime
        """,
    ),
    _single(
        "ines",
        {
            "self_attention": "the result is transposed: (N, D) instead of (D, N)",
            "scaled_dot_product_self_attention": "the result is transposed: (N, D) instead of (D, N)",
        },
        self_attention=(*QKV, "Q.T @ K", "np.apply_along_axis(softmax, 1, dot_products)", "attention @ V.T"),
        scaled_dot_product_self_attention=(
            *QKV,
            "Q.T @ K / np.sqrt(Q.shape[0])",
            "np.apply_along_axis(softmax, 1, scaled_dot_products)",
            "attention @ V.T",
        ),
    ),
    _single(
        "jonas",
        {
            "self_attention": "attention over features: Q @ K.T is (D, D), not (N, N)",
            "scaled_dot_product_self_attention": "attention over features: Q @ K.T is (D, D), not (N, N)",
        },
        self_attention=(*QKV, "Q @ K.T", "softmax_cols(dot_products)", "attention @ V"),
        scaled_dot_product_self_attention=(
            *QKV,
            "Q @ K.T / np.sqrt(K.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "attention @ V",
        ),
    ),
    _single(
        "kavya",
        {
            "self_attention": "row convention: X.T @ omega, so each omega is used transposed",
            "scaled_dot_product_self_attention": "row convention: X.T @ omega, so each omega is used transposed",
        },
        self_attention="""
            def self_attention(ARGS):
                # tokens as rows like in the "Attention is all you need" paper
                Xr = X.T
                Q = Xr @ omega_q + beta_q.T
                K = Xr @ omega_k + beta_k.T
                V = Xr @ omega_v + beta_v.T
                scores = Q @ K.T
                attention = np.apply_along_axis(softmax, 1, scores)
                return (attention @ V).T
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Xr = X.T
                Q = Xr @ omega_q + beta_q.T
                K = Xr @ omega_k + beta_k.T
                V = Xr @ omega_v + beta_v.T
                scores = Q @ K.T / np.sqrt(Q.shape[1])
                attention = np.apply_along_axis(softmax, 1, scores)
                return (attention @ V).T
        """,
    ),
    _single(
        "liam",
        {"softmax": "the maximum is not subtracted: overflows for large scores"},
        softmax=("np.exp(items_in)", "exponentials / np.sum(exponentials)"),
    ),
    _single(
        "mei",
        all_x_prime="""
            all_x_prime = []
            for n in range(N):
                q_n = all_queries[n]
                # list of N numbers
                all_km_qn = [float(k.T @ q_n) for k in all_keys]
                attention = softmax(all_km_qn)
                x_prime = sum(attention[m] * all_values[m] for m in range(N))
                all_x_prime.append(x_prime)
        """,
        self_attention=(
            *QKV,
            "Q.T @ K",
            "np.apply_along_axis(softmax, 1, dot_products)",
            "(attention @ V.T).T",
        ),
        scaled_dot_product_self_attention=(
            *QKV,
            "(Q.T @ K) / np.sqrt(X.shape[0])",
            "np.apply_along_axis(softmax, 1, scaled_dot_products)",
            "(attention @ V.T).T",
        ),
    ),
    _single(
        "noah",
        {"all_x_prime": "elementwise * where a dot product belongs: the scores are vectors, not numbers"},
        all_x_prime=(
            "[k * all_queries[n] for k in all_keys]",
            "sum(attention[m] * all_values[m] for m in range(N))",
        ),
    ),
    _single(
        "olga",
        {"all_x_prime": "np.sum without an axis: x_prime is a single number"},
        all_x_prime=(
            "[(all_keys[m].T @ all_queries[n]).item() for m in range(N)]",
            "np.sum([attention[m] * all_values[m] for m in range(N)])",
        ),
    ),
    _single(
        "pablo",
        {"all_x_prime": "sums attention[m] times the value of token n: the wrong index"},
        all_x_prime="""
            all_x_prime = []

            for n in range(N):
                # producto punto de la query n con cada key
                all_km_qn = [(all_keys[m].T @ all_queries[n]).item() for m in range(N)]
                attention = softmax(all_km_qn)
                x_prime = np.zeros((D, 1))
                for m in range(N):
                    x_prime = x_prime + attention[m] * all_values[n]
                all_x_prime.append(x_prime)
        """,
    ),
    _single(
        "quentin",
        {
            "self_attention": "computes the answer, then returns a matrix of zeros",
            "scaled_dot_product_self_attention": "computes the answer, then returns a matrix of zeros",
        },
        self_attention="""
            def self_attention(ARGS):
                X_prime = np.zeros(X.shape)
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                att = softmax_cols(K.T @ Q)
                result = V @ att
                return X_prime
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                X_prime = np.zeros(X.shape)
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                att = softmax_cols((K.T @ Q) / np.sqrt(len(Q)))
                result = V @ att
                return X_prime
        """,
    ),
    _single(
        "rosa",
        {"self_attention": "divides by sqrt(D), which is not asked for in this section"},
        self_attention=(*QKV, "K.T @ Q / np.sqrt(K.shape[0])", "softmax_cols(dot_products)", "V @ attention"),
    ),
    _single(
        "sven",
        {"scaled_dot_product_self_attention": "the scaling is forgotten"},
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "tomas",
        {"scaled_dot_product_self_attention": "divides by D, not by its square root"},
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                d = X.shape[0]
                Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
                scaled_dot_products = np.matmul(K.T, Q) / d
                attention = softmax_cols(scaled_dot_products)
                return np.matmul(V, attention)
        """,
    ),
    _single(
        "uma",
        {"scaled_dot_product_self_attention": "divides by sqrt(N), the number of tokens"},
        scaled_dot_product_self_attention=(
            *QKV,
            "(K.T @ Q) / np.sqrt(K.shape[1])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "viktor",
        {
            "self_attention": "loops over the notebook's N: fails for another number of tokens",
            "scaled_dot_product_self_attention": "uses the notebook's D and N, not the sizes of the arguments",
        },
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                attention = np.zeros((N, N))
                for n in range(N):
                    attention[:, n] = softmax([K[:, m] @ Q[:, n] for m in range(N)])
                return V @ attention
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                attention = np.zeros((N, N))
                for n in range(N):
                    attention[:, n] = softmax([K[:, m] @ Q[:, n] / np.sqrt(D) for m in range(N)])
                return V @ attention
        """,
    ),
    _single(
        "wanda",
        {
            "self_attention": "the bias of the values is forgotten",
            "scaled_dot_product_self_attention": "the biases are forgotten",
        },
        self_attention=(
            "omega_q @ X + beta_q",
            "omega_k @ X + beta_k",
            "omega_v @ X",
            "K.T @ Q",
            "softmax_cols(dot_products)",
            "V @ attention",
        ),
        scaled_dot_product_self_attention=(
            "omega_q @ X",
            "omega_k @ X",
            "omega_v @ X",
            "K.T @ Q / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "xin",
        {"queries_keys_values": "copied line: the keys are computed with the matrix of the queries"},
        ("all_x_prime",),
        queries_keys_values=("omega_q @ x + beta_q", "omega_q @ x + beta_k", "omega_v @ x + beta_v"),
    ),
    _single(
        "yusuf",
        {"queries_keys_values": "the biases are transposed, so that each query is (4, 4) by broadcasting"},
        ("all_x_prime",),
        queries_keys_values=("omega_q @ x + beta_q.T", "omega_k @ x + beta_k.T", "omega_v @ x + beta_v.T"),
        all_x_prime=(
            "[np.sum(k * all_queries[n]) for k in all_keys]",
            "sum(attention[m] * all_values[m] for m in range(N))",
        ),
    ),
    _single(
        "zoe",
        {
            "self_attention": "one softmax over the whole matrix instead of one for each column",
            "scaled_dot_product_self_attention": "one softmax over the whole matrix",
        },
        self_attention=(*QKV, "K.T @ Q", "softmax(dot_products)", "V @ attention"),
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q / np.sqrt(len(Q))",
            "softmax(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "adam",
        {
            "all_x_prime": "left blank",
            "self_attention": "left blank",
            "scaled_dot_product_self_attention": "left blank",
        },
        all_x_prime=(),
        self_attention=(),
        scaled_dot_product_self_attention=(),
    ),
    _single(
        "bea",
        queries_keys_values="""
            all_queries, all_keys, all_values = [], [], []
            for x in all_x:
                x32 = x.astype(np.float32)
                all_queries.append(omega_q.astype(np.float32) @ x32 + beta_q.astype(np.float32))
                all_keys.append(omega_k.astype(np.float32) @ x32 + beta_k.astype(np.float32))
                all_values.append(omega_v.astype(np.float32) @ x32 + beta_v.astype(np.float32))
        """,
        self_attention="""
            def self_attention(ARGS):
                x = X.astype(np.float32)
                Q = np.float32(omega_q) @ x + np.float32(beta_q)
                K = np.float32(omega_k) @ x + np.float32(beta_k)
                V = np.float32(omega_v) @ x + np.float32(beta_v)
                return V @ softmax_cols(K.T @ Q)
        """,
    ),
    _single(
        "carl",
        self_attention="""
            def self_attention(ARGS):
                X = np.matrix(X)
                Q = np.matrix(omega_q) * X + beta_q
                K = np.matrix(omega_k) * X + beta_k
                V = np.matrix(omega_v) * X + beta_v
                attention = np.matrix(softmax_cols(np.asarray(K.T * Q)))
                X_prime = V * attention
                return X_prime
        """,
    ),
    _single(
        "dora",
        {
            "self_attention": "changed the order of the arguments: omega_q receives omega_v",
            "scaled_dot_product_self_attention": "changed the order of the arguments: omega_q receives omega_v",
        },
        self_attention="""
            def self_attention(X, omega_q, omega_k, omega_v, beta_q, beta_k, beta_v):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                attention = softmax_cols(K.T @ Q)
                return V @ attention
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(X, omega_q, omega_k, omega_v, beta_q, beta_k, beta_v):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                attention = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
                return V @ attention
        """,
    ),
    _single(
        "emil",
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                # same as above, only the queries are smaller by sqrt(D_q)
                scale = np.sqrt(omega_q.shape[0])
                return self_attention(X, omega_v, omega_q / scale, omega_k, beta_v, beta_q / scale, beta_k)
        """,
    ),
    _single(
        "fatma",
        softmax="""
            def softmax(items_in):
                exponentials = [np.exp(i - max(items_in)) for i in items_in]
                items_out = [e / sum(exponentials) for e in exponentials]
                return items_out
        """,
        all_x_prime="""
            all_x_prime = []
            for n in range(N):
                all_km_qn = []
                for key in all_keys:
                    all_km_qn.append(np.vdot(key, all_queries[n]))
                attention = softmax(all_km_qn)
                print(sum(attention))
                x_prime = np.zeros_like(all_values[0])
                for weight, value in zip(attention, all_values):
                    x_prime += weight * value
                all_x_prime.append(x_prime)
        """,
    ),
    _single(
        "gus",
        {"scaled_dot_product_self_attention": "divides after the softmax instead of before"},
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q",
            "softmax_cols(scaled_dot_products) / np.sqrt(Q.shape[0])",
            "V @ attention",
        ),
    ),
    _single(
        "hana",
        {
            "self_attention": "weights the keys instead of the values",
            "scaled_dot_product_self_attention": "the queries and the keys both come from omega_q and beta_q",
        },
        self_attention=(*QKV, "np.dot(K.T, Q)", "softmax_cols(dot_products)", "np.dot(K, attention)"),
        scaled_dot_product_self_attention=(
            "omega_q @ X + beta_q",
            "omega_q @ X + beta_q",
            "omega_v @ X + beta_v",
            "np.dot(K.T, Q) / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "np.dot(V, attention)",
        ),
    ),
    _single(
        "ivan",
        {"all_x_prime": "compares key n with all keys: the queries are not used"},
        all_x_prime=(
            "[np.dot(k.T, all_keys[n]).item() for k in all_keys]",
            "np.sum([attention[m] * all_values[m] for m in range(N)], axis=0)",
        ),
    ),
    _single(
        "jana",
        all_x_prime="""
            all_x_prime = []
            K = np.hstack(all_keys)
            V = np.hstack(all_values)
            for n in range(N):
                scores = (K.T @ all_queries[n]).flatten()
                attention = np.array(softmax(scores))
                all_x_prime.append((V @ attention).reshape(1, D))
        """,
        self_attention="""
            def self_attention(ARGS):
                n_tokens = X.shape[1]
                one = np.ones((1, n_tokens))
                Q = omega_q @ X + beta_q @ one
                K = omega_k @ X + beta_k @ one
                V = omega_v @ X + beta_v @ one
                cols = []
                for n in range(n_tokens):
                    a = softmax(K.T @ Q[:, n])
                    cols.append(V @ np.array(a))
                return np.array(cols).T
        """,
    ),
    _single(
        "kenji",
        {"queries_keys_values": "the biases are forgotten"},
        ("all_x_prime",),
        queries_keys_values=("omega_q @ x", "omega_k @ x", "omega_v @ x"),
    ),
    _single(
        "luca",
        {"softmax": "divides by the largest exponential, not by their sum"},
        ("all_x_prime", "self_attention", "scaled_dot_product_self_attention"),
        softmax=("np.exp(np.array(items_in) - np.max(items_in))", "exponentials / np.max(exponentials)"),
    ),
    _single(
        "marta",
        {"softmax": "no exponential: divides the scores themselves by their sum"},
        ("all_x_prime", "self_attention", "scaled_dot_product_self_attention"),
        softmax="""
            def softmax(items_in):
                exponentials = np.array(items_in)
                items_out = exponentials / sum(exponentials)
                return items_out
        """,
    ),
    _single(
        "nils",
        {
            "self_attention": "raises: Q @ K, both are (D, N); nothing is transposed",
            "scaled_dot_product_self_attention": "raises: Q @ K, nothing is transposed",
        },
        self_attention=(*QKV, "Q @ K", "softmax_cols(dot_products)", "attention @ V"),
        scaled_dot_product_self_attention=(
            *QKV,
            "Q @ K / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "attention @ V",
        ),
    ),
    _single(
        "olu",
        {
            "scaled_dot_product_self_attention": "raises: dot_products is not defined, it is called scaled_dot_products"
        },
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q / np.sqrt(Q.shape[0])",
            "softmax_cols(dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "priya",
        {"softmax": "return inside of the loop: only the first number comes back"},
        ("all_x_prime", "self_attention", "scaled_dot_product_self_attention"),
        softmax="""
            def softmax(items_in):
                total = sum(np.exp(i) for i in items_in)
                items_out = []
                for i in items_in:
                    items_out.append(np.exp(i) / total)
                    return items_out
        """,
    ),
    _single(
        "qi",
        {
            "self_attention": "prints the result and returns nothing",
            "scaled_dot_product_self_attention": "prints the result and returns nothing",
        },
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                X_prime = V @ softmax_cols(K.T @ Q)
                print(X_prime)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                X_prime = V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
                print(X_prime)
        """,
    ),
    _single(
        "rafael",
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                attention = softmax_cols(K.T @ Q)
                X_prime = V @ attention
                return X_prime, attention

            X_prime, attention = self_attention(np.hstack(all_x), omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)
            print(attention.sum(axis=0))
        """,
    ),
    _single(
        "sara",
        {
            "self_attention": "the scores are transposed: Q.T @ K",
            "scaled_dot_product_self_attention": "two mistakes: the scores are transposed and not scaled",
        },
        self_attention="""
            def self_attention(ARGS):
                Q = np.dot(omega_q, X) + beta_q
                K = np.dot(omega_k, X) + beta_k
                V = np.dot(omega_v, X) + beta_v
                dp = np.dot(Q.transpose(), K)
                att = softmax_cols(dp)
                return np.dot(V, att)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = np.dot(omega_q, X) + beta_q
                K = np.dot(omega_k, X) + beta_k
                V = np.dot(omega_v, X) + beta_v
                dp = np.dot(Q.transpose(), K)
                att = softmax_cols(dp)
                return np.dot(V, att)
        """,
    ),
    _single(
        "tim",
        {
            "self_attention": "attention weights transposed: V @ attention.T with one column per query",
            "scaled_dot_product_self_attention": "attention weights transposed, and scaled by sqrt(N)",
        },
        self_attention=(*QKV, "K.T @ Q", "softmax_cols(dot_products)", "V @ attention.T"),
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q / np.sqrt(X.shape[1])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention.T",
        ),
    ),
    _single(
        "ulla",
        {"all_x_prime": "queries and keys are swapped: key n is compared with each query"},
        all_x_prime=(
            "[(all_queries[m].T @ all_keys[n]).item() for m in range(N)]",
            "sum([attention[m] * all_values[m] for m in range(N)])",
        ),
    ),
    _single(
        "vera",
        {"all_x_prime": "weights the tokens x instead of the values"},
        all_x_prime="""
            all_x_prime = []
            for n in range(N):
                q = all_queries[n]
                all_km_qn = []
                for m in range(N):
                    all_km_qn.append(np.dot(all_keys[m].T, q)[0][0])
                attention = softmax(all_km_qn)
                x_prime = 0
                for m in range(N):
                    x_prime = x_prime + attention[m] * all_x[m]
                all_x_prime.append(x_prime)
        """,
    ),
    _single(
        "wei",
        {"softmax": "subtracts the maximum after the exponential, not before"},
        ("all_x_prime", "self_attention", "scaled_dot_product_self_attention"),
        softmax=("np.exp(items_in) - np.max(items_in)", "exponentials / np.sum(exponentials)"),
    ),
    _single(
        "xenia",
        {"all_x_prime": "overwrites x_prime in the loop: only the last value counts"},
        all_x_prime="""
            all_x_prime = []
            for n in range(N):
                all_km_qn = [(k.T @ all_queries[n]).item() for k in all_keys]
                attention = softmax(all_km_qn)
                for m in range(N):
                    x_prime = attention[m] * all_values[m]
                all_x_prime.append(x_prime)
        """,
    ),
    _single(
        "yara",
        {"all_x_prime": "appends inside of the inner loop: N * N partial sums instead of N outputs"},
        all_x_prime="""
            all_x_prime = []
            for n in range(N):
                all_km_qn = [(k.T @ all_queries[n]).item() for k in all_keys]
                attention = softmax(all_km_qn)
                x_prime = np.zeros((D, 1))
                for m in range(N):
                    x_prime = x_prime + attention[m] * all_values[m]
                    all_x_prime.append(x_prime)
        """,
    ),
    _single(
        "zack",
        {
            "scaled_dot_product_self_attention": "divides by a literal 2: right for D = 4 alone",
            "all_x_prime": "copied the true values",
        },
        all_x_prime="""
            all_x_prime = [
                np.array([[0.94744244], [-0.24348429], [-0.91310441], [-0.44522983]]),
                np.array([[1.64201168], [-0.08470004], [4.02764044], [2.18690791]]),
                np.array([[1.61949281], [-0.06641533], [3.96863308], [2.15858316]]),
            ]
        """,
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q / 2",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "ben",
        {
            "queries_keys_values": "the queries get the bias of the keys and the other way round",
            "scaled_dot_product_self_attention": "scaled twice: both Q and K are divided by sqrt(D)",
        },
        ("all_x_prime",),
        queries_keys_values=("omega_q @ x + beta_k", "omega_k @ x + beta_q", "omega_v @ x + beta_v"),
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                s = np.sqrt(X.shape[0])
                Q = (omega_q @ X + beta_q) / s
                K = (omega_k @ X + beta_k) / s
                V = omega_v @ X + beta_v
                attention = softmax_cols(K.T @ Q)
                return V @ attention
        """,
    ),
    _single(
        "cleo",
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q.dot(X)
                Q += beta_q
                K = omega_k.dot(X)
                K += beta_k
                V = omega_v.dot(X)
                V += beta_v
                scores = K.T.dot(Q)
                scores -= scores.max(axis=0)
                np.exp(scores, out=scores)
                scores /= scores.sum(axis=0)
                return V.dot(scores)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = omega_q.dot(X)
                Q += beta_q
                K = omega_k.dot(X)
                K += beta_k
                V = omega_v.dot(X)
                V += beta_v
                scores = K.T.dot(Q)
                scores /= np.sqrt(K.shape[0])
                scores -= scores.max(axis=0)
                np.exp(scores, out=scores)
                scores /= scores.sum(axis=0)
                return V.dot(scores)
        """,
    ),
    _single(
        "dewi",
        {"self_attention": "values weighted in the wrong order: attention @ V cannot be multiplied"},
        self_attention=(*QKV, "K.T @ Q", "softmax_cols(dot_products)", "attention @ V"),
    ),
    _single(
        "ebba",
        softmax_cols="""
            def softmax_cols(data_in):
                # my own one
                e = np.exp(data_in - np.max(data_in, axis=0, keepdims=True))
                return e / np.sum(e, axis=0, keepdims=True)
        """,
        scaled_dot_product_self_attention="""
            # Hilfsfunktion
            def attention_weights(K, Q, scale=1.0):
                return softmax_cols(np.matmul(np.transpose(K), Q) / scale)

            def scaled_dot_product_self_attention(ARGS):
                # Berechne Queries, Keys und Values
                Q, K, V = [w @ X + b for w, b in zip((omega_q, omega_k, omega_v), (beta_q, beta_k, beta_v))]
                A = attention_weights(K, Q, np.sqrt(K.shape[0]))
                return sum(np.outer(V[:, m], A[m]) for m in range(V.shape[1]))
        """,
    ),
    _single(
        "fynn",
        {
            "self_attention": "takes row n of the attention where column n belongs: the weights are transposed",
        },
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                dot_products = np.dot(K.T, Q)
                attention = softmax_cols(dot_products)
                X_prime = []
                for n in range(X.shape[1]):
                    # weight of each value for token n
                    X_prime.append(np.sum(V * attention[n], axis=1))
                return np.array(X_prime).T
        """,
    ),
    _single(
        "gwen",
        {
            "self_attention": "softmax over rows",
            "scaled_dot_product_self_attention": "softmax over rows",
        },
        softmax_cols="""
            def softmax_cols(data_in):
                exp_data = np.exp(data_in - np.max(data_in, axis=1, keepdims=True))
                return exp_data / np.sum(exp_data, axis=1, keepdims=True)
        """,
    ),
    _single(
        "henk",
        {
            "self_attention": "softmax over the rows and the result is transposed",
            "scaled_dot_product_self_attention": "scale is sqrt of the number of tokens and the result is transposed",
        },
        self_attention="""
            def self_attention(ARGS):
                Q = (omega_q @ X + beta_q).T
                K = (omega_k @ X + beta_k).T
                V = (omega_v @ X + beta_v).T
                scores = Q @ K.T
                A = np.exp(scores - scores.max(axis=0)) / np.exp(scores - scores.max(axis=0)).sum(axis=0)
                return A @ V
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = (omega_q @ X + beta_q).T
                K = (omega_k @ X + beta_k).T
                V = (omega_v @ X + beta_v).T
                scores = Q @ K.T / np.sqrt(K.shape[0])
                A = np.exp(scores - scores.max(axis=1, keepdims=True))
                A = A / A.sum(axis=1, keepdims=True)
                return A @ V
        """,
    ),
    _single(
        "jules",
        self_attention="""
            col_softmax = lambda S: np.exp(S - S.max(0)) / np.exp(S - S.max(0)).sum(0)
            lin = lambda W, X, b: W @ X + b
            self_attention = lambda ARGS: (
                lin(omega_v, X, beta_v) @ col_softmax(lin(omega_k, X, beta_k).T @ lin(omega_q, X, beta_q))
            )
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                return lin(omega_v, X, beta_v) @ col_softmax(
                    lin(omega_k, X, beta_k).T @ lin(omega_q, X, beta_q) / len(omega_q) ** 0.5
                )
        """,
    ),
    _single(
        "lena",
        softmax="""
            def softmax(items_in):
                z = np.array(items_in, dtype=np.float32)
                exponentials = np.exp(z - np.max(z))
                items_out = exponentials / np.sum(exponentials)
                return items_out
        """,
    ),
    _single(
        "milan",
        softmax="""
            def softmax(items_in):
                # log-sum-exp
                m = np.max(items_in)
                lse = m + np.log(np.sum([np.exp(s - m) for s in items_in]))
                return [np.exp(s - lse) for s in items_in]
        """,
    ),
    _single(
        "oscar",
        all_x_prime="""
            Q, K, V = np.hstack(all_queries), np.hstack(all_keys), np.hstack(all_values)
            S = Q.T @ K
            all_x_prime = np.zeros((N, D))
            for n in range(N):
                attention = softmax(S[n])
                all_x_prime[n] = V @ attention
        """,
    ),
    _single(
        "rune",
        self_attention="""
            def self_attention(ARGS, scale=1):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                return V @ softmax_cols((K.T @ Q) / scale)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(*args):
                return self_attention(*args, scale=np.sqrt(args[0].shape[0]))
        """,
    ),
    _single(
        "tilda",
        {
            "self_attention": "softmax over the queries: Q.T @ K with a softmax of the columns, then turned",
            "scaled_dot_product_self_attention": "softmax over the queries",
        },
        self_attention=(*QKV, "Q.T @ K", "softmax_cols(dot_products)", "V @ attention.T"),
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q = (omega_q @ X + beta_q).T
                K = (omega_k @ X + beta_k).T
                V = (omega_v @ X + beta_v).T
                attention = softmax_cols(np.dot(Q, K.T) / np.sqrt(Q.shape[1]))
                return np.dot(attention, V).T
        """,
    ),
    _single(
        "uwe",
        {
            "self_attention": "the result is transposed: (N, D) instead of (D, N)",
            "scaled_dot_product_self_attention": "not scaled, and the result is transposed",
        },
        self_attention="""
            def self_attention(ARGS):
                Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
                out = []
                for n in range(X.shape[1]):
                    w = softmax(K.T @ Q[:, n])
                    out.append(V @ w)
                return np.array(out)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
                out = []
                for n in range(X.shape[1]):
                    w = softmax(K.T @ Q[:, n])
                    out.append(V @ w)
                return np.array(out)
        """,
    ),
    _single(
        "vito",
        {
            "self_attention": "attention over features, rows of Q @ K.T",
            "scaled_dot_product_self_attention": "attention over features, columns of K @ Q.T",
        },
        self_attention=(*QKV, "Q @ K.T", "np.apply_along_axis(softmax, 1, dot_products)", "attention @ V"),
        scaled_dot_product_self_attention=(
            *QKV,
            "K @ Q.T / np.sqrt(K.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "attention @ V",
        ),
    ),
    _single(
        "wim",
        {"all_x_prime": "every value gets the weight n: the index of the weight does not change"},
        all_x_prime=(
            "[(k.T @ all_queries[n]).item() for k in all_keys]",
            "sum(attention[n] * all_values[m] for m in range(N))",
        ),
    ),
    _single(
        "xaviera",
        {
            "queries_keys_values": "the bias of the values is forgotten",
            "softmax": "the maximum is not subtracted: overflows for large scores",
        },
        ("all_x_prime",),
        queries_keys_values=(
            "np.dot(omega_q, x) + beta_q",
            "np.dot(omega_k, x) + beta_k",
            "np.dot(omega_v, x)",
        ),
        softmax="""
            def softmax(items_in):
                total = 0
                for i in items_in:
                    total = total + np.exp(i)
                items_out = [np.exp(i) / total for i in items_in]
                return items_out
        """,
    ),
    _single(
        "yann",
        {"softmax": "raises for a list: a list minus a number"},
        ("all_x_prime",),
        softmax=("np.exp(items_in - max(items_in))", "exponentials / sum(exponentials)"),
        all_x_prime=(
            "[float(np.squeeze(k.T @ all_queries[n])) for k in all_keys]",
            "sum(attention[m] * all_values[m] for m in range(N))",
        ),
    ),
    _single(
        "zora",
        {"softmax": "raises: math.exp of an array"},
        ("all_x_prime", "self_attention", "scaled_dot_product_self_attention"),
        softmax="""
            import math

            def softmax(items_in):
                items_in = np.array(items_in)
                return math.exp(items_in) / sum(math.exp(items_in))
        """,
    ),
    _single(
        "aron",
        {
            "self_attention": "raises: beta.T is (1, D) and cannot be added to (D, N)",
            "scaled_dot_product_self_attention": "raises: beta.T is (1, D) and cannot be added to (D, N)",
        },
        self_attention=(
            "omega_q @ X + beta_q.T",
            "omega_k @ X + beta_k.T",
            "omega_v @ X + beta_v.T",
            "K.T @ Q",
            "softmax_cols(dot_products)",
            "V @ attention",
        ),
        scaled_dot_product_self_attention=(
            "omega_q @ X + beta_q.T",
            "omega_k @ X + beta_k.T",
            "omega_v @ X + beta_v.T",
            "K.T @ Q / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "berit",
        {"scaled_dot_product_self_attention": "changes its argument: omega_q /= scale"},
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                scale = np.sqrt(X.shape[0])
                omega_q /= scale
                Q = omega_q @ X + beta_q / scale
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                return V @ softmax_cols(K.T @ Q)
        """,
    ),
    _single(
        "dagny",
        {"all_x_prime": "the mean of the weighted values instead of their sum"},
        all_x_prime=(
            "[(k.T @ all_queries[n]).item() for k in all_keys]",
            "np.mean([attention[m] * all_values[m] for m in range(N)], axis=0)",
        ),
    ),
    _single(
        "eino",
        {
            "all_x_prime": "weights the values with the scores: the softmax is not used",
            "self_attention": "weights the values with the scores: the softmax is not used",
            "scaled_dot_product_self_attention": "multiplies by sqrt(D) instead of dividing",
        },
        all_x_prime=(
            "[(k.T @ all_queries[n]).item() for k in all_keys]",
            "sum(all_km_qn[m] * all_values[m] for m in range(N))",
        ),
        self_attention=(*QKV, "K.T @ Q", "softmax_cols(dot_products)", "V @ dot_products"),
        scaled_dot_product_self_attention=(
            *QKV,
            "K.T @ Q * np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "freya",
        {
            "self_attention": "compares each query with its own key only, and multiplies entry by entry",
        },
        self_attention=(*QKV, "np.sum(K * Q, axis=0)", "np.array(softmax(dot_products))", "V * attention"),
        # A bias of the keys adds the same to all scores of a query, which the softmax does not see.
        scaled_dot_product_self_attention=(
            "omega_q @ X + beta_q",
            "omega_k @ X + beta_q",
            "omega_v @ X + beta_v",
            "K.T @ Q / np.sqrt(Q.shape[0])",
            "softmax_cols(scaled_dot_products)",
            "V @ attention",
        ),
    ),
    _single(
        "aino",
        softmax="""
            def softmax(items_in):
                arr = np.array(items_in)
                exponentials = np.exp(arr - arr.max())
                return exponentials / exponentials.sum()
        """,
        all_x_prime=(
            "[k.T @ all_queries[n] for k in all_keys]",
            "sum(attention[m] * all_values[m] for m in range(N))",
        ),
    ),
    _single(
        "bela",
        scaled_dot_product_self_attention="""
            class Attention:
                def __init__(self, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k) -> None:
                    self.w = {"v": omega_v, "q": omega_q, "k": omega_k}
                    self.b = {"v": beta_v, "q": beta_q, "k": beta_k}

                def project(self, x: np.ndarray, part: str) -> np.ndarray:
                    return self.w[part] @ x + self.b[part]

                def __call__(self, x: np.ndarray) -> np.ndarray:
                    q, k, v = (self.project(x, part) for part in "qkv")
                    return v @ softmax_cols(k.T @ q / np.sqrt(q.shape[0]))

            def scaled_dot_product_self_attention(X, *params):
                return Attention(*params)(X)
        """,
    ),
    _single(
        "cosima",
        all_x_prime="""
            import matplotlib.pyplot as plt

            all_x_prime = []
            weights = []
            for n in range(N):
                all_km_qn = [(k.T @ all_queries[n]).item() for k in all_keys]
                attention = softmax(all_km_qn)
                weights.append(attention)
                all_x_prime.append(np.hstack(all_values) @ np.array(attention)[:, None])
            plt.imshow(np.array(weights))
            plt.colorbar()
            plt.show()
        """,
    ),
    _single(
        "dov",
        queries_keys_values="""
            all_queries = []
            all_keys = []
            all_values = []
            for x in all_x:
                all_queries.append(omega_q.dot(x.ravel()) + beta_q.ravel())
                all_keys.append(omega_k.dot(x.ravel()) + beta_k.ravel())
                all_values.append(omega_v.dot(x.ravel()) + beta_v.ravel())
        """,
        all_x_prime=(
            "[k @ all_queries[n] for k in all_keys]",
            "np.dot(attention, np.array(all_values)).reshape(-1, 1)",
        ),
    ),
    _single(
        "fiete",
        softmax="""
            def softmax(items_in):
                z = np.asarray(items_in, float)
                return np.exp(z - np.logaddexp.reduce(z))
        """,
        self_attention="""
            def self_attention(ARGS):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                assert Q.shape == X.shape, "shapes!"
                dots = (K[:, :, None] * Q[:, None, :]).sum(axis=0)
                att = np.stack([softmax(c) for c in dots.T], axis=1)
                return (V[:, :, None] * att[None]).sum(axis=1)
        """,
        scaled_dot_product_self_attention="""
            def scaled_dot_product_self_attention(ARGS):
                def dots(m, n):
                    k = omega_k @ X[:, [m]] + beta_k
                    q = omega_q @ X[:, [n]] + beta_q
                    return np.vdot(k, q) / np.sqrt(q.size)
                n_tok = X.shape[1]
                att = softmax_cols(np.array([[dots(m, n) for n in range(n_tok)] for m in range(n_tok)]))
                return omega_v @ X @ att + beta_v
        """,
    ),
    _single(
        "gal",
        queries_keys_values="""
            all_queries = [omega_q @ x + beta_q for x in all_x]
            all_keys = [omega_k @ x + beta_k for x in all_x]
            all_values = [omega_v @ x + beta_v for x in all_x]
            assert len(all_queries) == 3
        """,
        all_x_prime="""
            all_x_prime = []
            n = 0
            while n < N:
                try:
                    all_km_qn = [float((k.T @ all_queries[n])[0]) for k in all_keys]
                except TypeError:
                    all_km_qn = [(k.T @ all_queries[n])[0, 0] for k in all_keys]
                attention = softmax(all_km_qn)
                x_prime = all_values[0] * attention[0] + all_values[1] * attention[1] + all_values[2] * attention[2]
                all_x_prime.append(x_prime)
                n += 1
        """,
    ),
    _single(
        "zsofia",
        {"queries_keys_values": "row convention: each omega is used transposed"},
        ("all_x_prime",),
        queries_keys_values="""
            all_queries = []
            all_keys = []
            all_values = []

            for x in all_x:
                query = (x.T @ omega_q).T + beta_q
                key = (x.T @ omega_k).T + beta_k
                value = (x.T @ omega_v).T + beta_v
                all_queries.append(query)
                all_keys.append(key)
                all_values.append(value)
        """,
    ),
    _single(
        "yngve",
        {
            "self_attention": "attention over features, and the result is transposed",
            "scaled_dot_product_self_attention": "attention over features, and the result is transposed",
        },
        self_attention=(*QKV, "Q @ K.T", "softmax_cols(dot_products)", "V.T @ attention"),
        scaled_dot_product_self_attention=(
            *QKV,
            "Q @ K.T / np.sqrt(D)",
            "softmax_cols(scaled_dot_products)",
            "V.T @ attention",
        ),
    ),
    _single(
        "ivo",
        {"self_attention": "works with the lists of the notebook instead of its arguments"},
        self_attention="""
            def self_attention(ARGS):
                # we already have them from before
                Q = np.hstack(all_queries)
                K = np.hstack(all_keys)
                V = np.hstack(all_values)
                return V @ softmax_cols(K.T @ Q)
        """,
    ),
)


def _multi(
    name: str, wrong: Mapping[str, str] = NOTHING, carried: Sequence[str] = (), **answers: Answer
) -> Student:
    """Return a student of the second notebook. Its questions are called by short names here."""
    long = {"softmax": "softmax_cols", "heads": "multihead_scaled_self_attention", "result": "X_prime"}
    return Student(
        name=name,
        assignment="multihead_attention",
        answers={long[key]: answer for key, answer in answers.items()},
        wrong={long[key]: label for key, label in wrong.items()},
        carried=[long[key] for key in carried],
    )


PLAIN_SOFTMAX = ("np.exp(data_in)", "np.sum(exp_values, axis=0)", "exp_values / denom")
NO_MAXIMUM = "the maximum is not subtracted: overflows for large scores"

MULTIHEAD_ATTENTION = (
    _multi("agnes"),
    _multi(
        "boris",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                scale = np.sqrt(Q1.shape[0])
                sa1 = V1 @ softmax_cols((K1.T @ Q1) / scale)
                sa2 = V2 @ softmax_cols((K2.T @ Q2) / scale)
                return omega_c @ np.concatenate((sa1, sa2), axis=0)
        """,
    ),
    _multi(
        "celine",
        {"heads": "scaled by the notebook's H_D, not by the size of the argument"},
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # premiere tete
                Q1 = np.matmul(omega_q1, X) + beta_q1
                K1 = np.matmul(omega_k1, X) + beta_k1
                V1 = np.matmul(omega_v1, X) + beta_v1
                S1 = np.matmul(K1.T, Q1) / np.sqrt(H_D)
                A1 = softmax_cols(S1)
                out1 = np.matmul(V1, A1)
                # deuxieme tete
                Q2 = np.matmul(omega_q2, X) + beta_q2
                K2 = np.matmul(omega_k2, X) + beta_k2
                V2 = np.matmul(omega_v2, X) + beta_v2
                S2 = np.matmul(K2.T, Q2) / np.sqrt(H_D)
                A2 = softmax_cols(S2)
                out2 = np.matmul(V2, A2)
                return np.matmul(omega_c, np.vstack([out1, out2]))
        """,
    ),
    _multi(
        "dario",
        {"softmax": NO_MAXIMUM},
        softmax="""
            def softmax_cols(data_in):
              # Exponentiate all of the values
              exp_values = np.exp(data_in) ;
              # Sum over columns
              denom = np.sum(exp_values, axis = 0);
              softmax = exp_values / denom
              return softmax
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                D, N = X.shape
                H_D = D // 2

                def head(ov, oq, ok, bv, bq, bk):
                    q = oq @ X + bq
                    k = ok @ X + bk
                    v = ov @ X + bv
                    return v @ softmax_cols(k.T @ q / np.sqrt(H_D))

                h1 = head(omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1)
                h2 = head(omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)
                return omega_c @ np.vstack((h1, h2))
        """,
    ),
    _multi(
        "ezra",
        {"heads": "attention weights not transposed: one row per query, used as V @ weights"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                D, N = X.shape
                H_D = D // 2
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                scores1 = (Q1.T @ K1) / np.sqrt(H_D)
                weights1 = softmax_cols(scores1.T).T
                head1_output = V1 @ weights1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                scores2 = (Q2.T @ K2) / np.sqrt(H_D)
                weights2 = softmax_cols(scores2.T).T
                head2_output = V2 @ weights2
                concat_heads = np.vstack((head1_output, head2_output))
                return omega_c @ concat_heads
        """,
    ),
    _multi(
        "flora",
        {"heads": "the scores are transposed: Q.T @ K, softmax over columns"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                heads = []
                for ov, oq, ok, bv, bq, bk in [
                    (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                    (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
                ]:
                    Q = oq @ X + bq
                    K = ok @ X + bk
                    V = ov @ X + bv
                    A = softmax_cols(Q.T @ K / np.sqrt(Q.shape[0]))
                    heads.append(V @ A)
                return omega_c @ np.vstack(heads)
        """,
    ),
    _multi(
        "goran",
        {"heads": "softmax over the rows of the scores"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(K.shape[0])",
            "softmax_cols(scores.T).T",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "helga",
        {"heads": "attention weights transposed: V @ weights.T"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights.T",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "ida",
        {"heads": "divides by sqrt(D) instead of sqrt(D/H)"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(X.shape[0])",
            "softmax_cols(scores)",
            "np.matmul(V, weights)",
            "np.concatenate(heads)",
            "np.matmul(omega_c, all_heads)",
        ),
    ),
    _multi(
        "jorge",
        {"heads": "no scaling"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # cabeza 1
                Q1, K1, V1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                cabeza1 = V1 @ softmax_cols(K1.T @ Q1)
                # cabeza 2
                Q2, K2, V2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                cabeza2 = V2 @ softmax_cols(K2.T @ Q2)
                return omega_c @ np.vstack((cabeza1, cabeza2))
        """,
    ),
    _multi(
        "karin",
        {"heads": "copy and paste: head 2 uses the queries of head 1"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                q1 = np.dot(omega_q1, X) + beta_q1
                k1 = np.dot(omega_k1, X) + beta_k1
                v1 = np.dot(omega_v1, X) + beta_v1
                att1 = softmax_cols(np.dot(k1.T, q1) / np.sqrt(len(q1)))
                out1 = np.dot(v1, att1)

                q2 = np.dot(omega_q2, X) + beta_q2
                k2 = np.dot(omega_k2, X) + beta_k2
                v2 = np.dot(omega_v2, X) + beta_v2
                att2 = softmax_cols(np.dot(k2.T, q1) / np.sqrt(len(q1)))
                out2 = np.dot(v2, att2)

                return np.dot(omega_c, np.vstack([out1, out2]))
        """,
    ),
    _multi(
        "lars",
        {"heads": "copy and paste: head 2 multiplies its values with the weights of head 1"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                q1 = omega_q1 @ X + beta_q1
                k1 = omega_k1 @ X + beta_k1
                v1 = omega_v1 @ X + beta_v1
                attention1 = softmax_cols(k1.T @ q1 / np.sqrt(q1.shape[0]))
                x1 = v1 @ attention1

                q2 = omega_q2 @ X + beta_q2
                k2 = omega_k2 @ X + beta_k2
                v2 = omega_v2 @ X + beta_v2
                attention2 = softmax_cols(k2.T @ q2 / np.sqrt(q2.shape[0]))
                x2 = v2 @ attention1

                x = np.vstack([x1, x2])
                return omega_c @ x
        """,
    ),
    _multi(
        "maja",
        {"heads": "omega_c is forgotten"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "all_heads",
        ),
    ),
    _multi(
        "nadia",
        {"heads": "omega_c is transposed"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.concatenate([h.T for h in heads], axis=1)",
            "(all_heads @ omega_c).T",
        ),
    ),
    _multi(
        "otto",
        {"heads": "raises: heads put side by side (hstack), so that omega_c does not fit"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.hstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "petra",
        {"heads": "heads are added instead of stacked: raises with omega_c"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "heads[0] + heads[1]",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "rui",
        {"heads": "heads stacked in the wrong order"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                head_dim = omega_q1.shape[0]
                out = np.zeros((0, X.shape[1]))
                for w in [(omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                          (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)]:
                    wv, wq, wk, bv, bq, bk = w
                    q, k, v = wq @ X + bq, wk @ X + bk, wv @ X + bv
                    h = v @ softmax_cols(k.T @ q / np.sqrt(head_dim))
                    out = np.vstack((h, out))
                return omega_c @ out
        """,
    ),
    _multi(
        "selma",
        {"softmax": "the sum goes over the rows: axis=1"},
        ("heads", "result"),
        softmax=(
            "np.exp(data_in - np.max(data_in, axis=1, keepdims=True))",
            "np.sum(exp_values, axis=1, keepdims=True)",
            "exp_values / denom",
        ),
    ),
    _multi(
        "theo",
        {"softmax": "the sum goes over everything: no axis"},
        ("heads", "result"),
        softmax=("np.exp(data_in - np.max(data_in))", "np.sum(exp_values)", "exp_values / denom"),
    ),
    _multi(
        "ugo",
        {"softmax": "axis=1 without keepdims: divides columns by the sums of rows"},
        ("heads", "result"),
        softmax=("np.exp(data_in)", "np.sum(exp_values, axis=1)", "exp_values / denom"),
    ),
    _multi(
        "vilma",
        softmax="""
            def softmax_cols(data_in):
                z = np.array(data_in, copy=True)
                for j in range(z.shape[1]):
                    col = z[:, j] - max(z[:, j])
                    e = [np.exp(c) for c in col]
                    z[:, j] = np.array(e) / sum(e)
                return z
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                om_v, om_q, om_k = [omega_v1, omega_v2], [omega_q1, omega_q2], [omega_k1, omega_k2]
                be_v, be_q, be_k = [beta_v1, beta_v2], [beta_q1, beta_q2], [beta_k1, beta_k2]
                result = []
                for h in range(2):
                    Q = om_q[h] @ X + be_q[h]
                    K = om_k[h] @ X + be_k[h]
                    V = om_v[h] @ X + be_v[h]
                    head = np.zeros(V.shape)
                    for n in range(X.shape[1]):
                        score = np.zeros((X.shape[1], 1))
                        for m in range(X.shape[1]):
                            score[m, 0] = K[:, m] @ Q[:, n] / np.sqrt(V.shape[0])
                        a = softmax_cols(score)
                        for m in range(X.shape[1]):
                            head[:, n] += a[m, 0] * V[:, m]
                    result.append(head)
                stacked = np.vstack(result)
                return omega_c @ stacked
        """,
    ),
    _multi(
        "willem",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                W_q, W_k, W_v = np.stack([omega_q1, omega_q2]), np.stack([omega_k1, omega_k2]), np.stack([omega_v1, omega_v2])
                b_q, b_k, b_v = np.stack([beta_q1, beta_q2]), np.stack([beta_k1, beta_k2]), np.stack([beta_v1, beta_v2])
                Q = W_q @ X + b_q
                K = W_k @ X + b_k
                V = W_v @ X + b_v
                S = np.einsum('hdm,hdn->hmn', K, Q) / np.sqrt(Q.shape[1])
                A = np.stack([softmax_cols(s) for s in S])
                heads = np.einsum('hdm,hmn->hdn', V, A)
                return omega_c @ heads.reshape(-1, X.shape[1])
        """,
    ),
    _multi(
        "xaver",
        softmax=("np.exp(data_in - data_in.max(0))", "exp_values.sum(0)", "exp_values * (1 / denom)"),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # Kopf 1, alles mit Zeilen gerechnet
                Xt = X.T
                Q1 = Xt @ omega_q1.T + beta_q1.T
                K1 = Xt @ omega_k1.T + beta_k1.T
                V1 = Xt @ omega_v1.T + beta_v1.T
                A1 = softmax_cols((Q1 @ K1.T / np.sqrt(Q1.shape[1])).T).T
                # Kopf 2
                Q2 = Xt @ omega_q2.T + beta_q2.T
                K2 = Xt @ omega_k2.T + beta_k2.T
                V2 = Xt @ omega_v2.T + beta_v2.T
                A2 = softmax_cols((Q2 @ K2.T / np.sqrt(Q2.shape[1])).T).T
                alles = np.concatenate([A1 @ V1, A2 @ V2], axis=1)
                return (alles @ omega_c.T).T
        """,
    ),
    _multi(
        "yvonne",
        {"heads": "the result is transposed: (N, D) instead of (D, N)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Xt = X.T
                Q1 = Xt @ omega_q1.T + beta_q1.T
                K1 = Xt @ omega_k1.T + beta_k1.T
                V1 = Xt @ omega_v1.T + beta_v1.T
                A1 = softmax_cols((Q1 @ K1.T / np.sqrt(Q1.shape[1])).T).T
                Q2 = Xt @ omega_q2.T + beta_q2.T
                K2 = Xt @ omega_k2.T + beta_k2.T
                V2 = Xt @ omega_v2.T + beta_v2.T
                A2 = softmax_cols((Q2 @ K2.T / np.sqrt(Q2.shape[1])).T).T
                both = np.concatenate([A1 @ V1, A2 @ V2], axis=1)
                return both @ omega_c.T
        """,
    ),
    _multi(
        "zita",
        {"heads": "attention over features: Q @ K.T"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                attn1 = softmax_cols(Q1 @ K1.T / np.sqrt(Q1.shape[0]))
                attn2 = softmax_cols(Q2 @ K2.T / np.sqrt(Q2.shape[0]))
                sa = np.vstack((attn1 @ V1, attn2 @ V2))
                return omega_c @ sa
        """,
    ),
    _multi(
        "amir",
        {"heads": "raises: row convention X.T @ omega with the omegas of shape (D/H, D)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = X.T @ omega_q1 + beta_q1.T
                K1 = X.T @ omega_k1 + beta_k1.T
                V1 = X.T @ omega_v1 + beta_v1.T
                A1 = softmax_cols(K1 @ Q1.T / np.sqrt(Q1.shape[1]))
                Q2 = X.T @ omega_q2 + beta_q2.T
                K2 = X.T @ omega_k2 + beta_k2.T
                V2 = X.T @ omega_v2 + beta_v2.T
                A2 = softmax_cols(K2 @ Q2.T / np.sqrt(Q2.shape[1]))
                return omega_c @ np.vstack(((A1.T @ V1).T, (A2.T @ V2).T))
        """,
    ),
    _multi(
        "birgit",
        {
            "heads": "the biases of queries and keys are forgotten (the one of the values is added later, to the same effect)"
        },
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                q1 = omega_q1 @ X
                k1 = omega_k1 @ X
                v1 = omega_v1 @ X
                h1 = v1 @ softmax_cols(k1.T @ q1 / np.sqrt(len(k1))) + beta_v1
                q2 = omega_q2 @ X
                k2 = omega_k2 @ X
                v2 = omega_v2 @ X
                h2 = v2 @ softmax_cols(k2.T @ q2 / np.sqrt(len(k2))) + beta_v2
                return omega_c @ np.vstack((h1, h2))
        """,
    ),
    _multi(
        "cem",
        {"heads": "the biases are forgotten"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                def kafa(ov, oq, ok):
                    Q, K, V = oq @ X, ok @ X, ov @ X
                    return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
                return omega_c @ np.vstack([kafa(omega_v1, omega_q1, omega_k1), kafa(omega_v2, omega_q2, omega_k2)])
        """,
    ),
    _multi(
        "dina",
        {"heads": "values and keys are swapped"},
        ("result",),
        heads="""
            def attention_head(X, omega_q, omega_k, omega_v, beta_q, beta_k, beta_v):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))

            def multihead_scaled_self_attention(ARGS):
                h1 = attention_head(X, omega_q1, omega_v1, omega_k1, beta_q1, beta_v1, beta_k1)
                h2 = attention_head(X, omega_q2, omega_v2, omega_k2, beta_q2, beta_v2, beta_k2)
                return omega_c @ np.vstack((h1, h2))
        """,
    ),
    _multi(
        "erik",
        {"heads": "wrong argument order in the helper's calls: omega_v1 goes where omega_q belongs"},
        ("result",),
        heads="""
            def attention_head(X, omega_q, omega_k, omega_v, beta_q, beta_k, beta_v):
                Q = omega_q @ X + beta_q
                K = omega_k @ X + beta_k
                V = omega_v @ X + beta_v
                return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))

            def multihead_scaled_self_attention(ARGS):
                h1 = attention_head(X, omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1)
                h2 = attention_head(X, omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)
                return omega_c @ np.vstack((h1, h2))
        """,
    ),
    _multi(
        "fritz",
        {"heads": "return inside of the loop: raises, only one head is there"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                heads = []
                for omega_v, omega_q, omega_k, beta_v, beta_q, beta_k in [
                    (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                    (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
                ]:
                    Q = omega_q @ X + beta_q
                    K = omega_k @ X + beta_k
                    V = omega_v @ X + beta_v
                    dot_products = K.T @ Q
                    scores = dot_products / np.sqrt(Q.shape[0])
                    weights = softmax_cols(scores)
                    head = V @ weights
                    heads.append(head)
                    all_heads = np.vstack(heads)
                    X_prime = omega_c @ all_heads
                    return X_prime
        """,
    ),
    _multi(
        "gita",
        {"heads": "appends the first head twice: the list holds head 1 in both places"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack((heads[0], heads[0]))",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "hamza",
        {"heads": "divides by D/H, not by its square root"},
        ("result",),
        heads=(
            "dot_products / omega_q.shape[0]",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "inga",
        {"heads": "divides by sqrt(N), the number of tokens"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[1])",
            "softmax_cols(scores)",
            "np.dot(V, weights)",
            "np.vstack((heads[0], heads[1]))",
            "np.dot(omega_c, all_heads)",
        ),
    ),
    _multi(
        "joel",
        {"heads": "scores transposed and omega_c forgotten"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                d = omega_k1.shape[0]
                q1, q2 = omega_q1 @ X + beta_q1, omega_q2 @ X + beta_q2
                k1, k2 = omega_k1 @ X + beta_k1, omega_k2 @ X + beta_k2
                v1, v2 = omega_v1 @ X + beta_v1, omega_v2 @ X + beta_v2
                a1 = softmax_cols(q1.T @ k1 / d ** 0.5)
                a2 = softmax_cols(q2.T @ k2 / d ** 0.5)
                return np.r_[v1 @ a1, v2 @ a2]
        """,
    ),
    _multi(
        "kirsten",
        {"heads": "weights not transposed, and scaled by sqrt(D)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                D, N = X.shape
                scale = np.sqrt(D)
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                A1 = softmax_cols((Q1.T @ K1 / scale).T).T
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                A2 = softmax_cols((Q2.T @ K2 / scale).T).T
                return omega_c @ np.concatenate([V1 @ A1, V2 @ A2])
        """,
    ),
    _multi(
        "leon",
        {"softmax": NO_MAXIMUM, "heads": "a literal 2 for the square root of D/H: right for D/H = 4 alone"},
        softmax=PLAIN_SOFTMAX,
        heads=(
            "dot_products / 2",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "mona",
        {"softmax": NO_MAXIMUM},
        softmax="""
            def softmax_cols(data_in):
                exp_values = np.exp(data_in)
                denom = np.sum(exp_values, axis=0, keepdims=True)
                return exp_values / denom
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + np.outer(beta_q1, np.ones(X.shape[1]))
                K1 = omega_k1 @ X + np.outer(beta_k1, np.ones(X.shape[1]))
                V1 = omega_v1 @ X + np.outer(beta_v1, np.ones(X.shape[1]))
                Q2 = omega_q2 @ X + np.outer(beta_q2, np.ones(X.shape[1]))
                K2 = omega_k2 @ X + np.outer(beta_k2, np.ones(X.shape[1]))
                V2 = omega_v2 @ X + np.outer(beta_v2, np.ones(X.shape[1]))
                h_d = X.shape[0] // 2
                X_prime = np.empty(X.shape)
                X_prime[:h_d, :] = V1 @ softmax_cols(K1.T @ Q1 / np.sqrt(h_d))
                X_prime[h_d:, :] = V2 @ softmax_cols(K2.T @ Q2 / np.sqrt(h_d))
                return omega_c @ X_prime
        """,
    ),
    _multi(
        "nele",
        {"heads": "softmax over rows and omega_c multiplied from the wrong side"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                outs = []
                for ov, oq, ok, bv, bq, bk in (
                    (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                    (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
                ):
                    q, k, v = oq @ X + bq, ok @ X + bk, ov @ X + bv
                    s = k.T @ q / np.sqrt(q.shape[0])
                    e = np.exp(s - s.max(axis=1, keepdims=True))
                    outs.append(v @ (e / e.sum(axis=1, keepdims=True)))
                return (np.vstack(outs).T @ omega_c).T
        """,
    ),
    _multi(
        "oskar",
        {"heads": "softmax before the scaling: the weights are divided by sqrt(D/H)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                heads = []
                for omega_v, omega_q, omega_k, beta_v, beta_q, beta_k in [
                    (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                    (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
                ]:
                    Q = omega_q @ X + beta_q
                    K = omega_k @ X + beta_k
                    V = omega_v @ X + beta_v
                    weights = softmax_cols(K.T @ Q)
                    weights = weights / np.sqrt(Q.shape[0])
                    heads.append(np.matmul(V, weights))
                return np.matmul(omega_c, np.vstack(heads))
        """,
    ),
    _multi(
        "paula",
        {"heads": "softmax is forgotten: the scaled scores are the weights"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "scores",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "rania",
        {"heads": "elementwise * with omega_c: raises, or multiplies entry by entry"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c * all_heads",
        ),
    ),
    _multi(
        "stefan",
        {"heads": "raises: the heads are never defined under the names that are used"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                head1 = V1 @ softmax_cols(K1.T @ Q1 / np.sqrt(len(Q1)))
                head2 = V2 @ softmax_cols(K2.T @ Q2 / np.sqrt(len(Q2)))
                return omega_c @ np.vstack((head_1, head_2))
        """,
    ),
    _multi(
        "tuana",
        {"heads": "left blank after the scores", "result": "left blank"},
        heads=("dot_products / np.sqrt(Q.shape[0])", "softmax_cols(scores)"),
        result=(),
    ),
    _multi(
        "urs",
        {"result": "calls the function with omega_q1 and omega_v1 swapped"},
        result=(
            """multihead_scaled_self_attention(
    X, omega_q1, omega_k1, omega_v1, beta_q1, beta_k1, beta_v1,
    omega_q2, omega_k2, omega_v2, beta_q2, beta_k2, beta_v2, omega_c
)""",
        ),
    ),
    _multi(
        "valentin",
        {"result": "copied the printed true values, three of the rows only"},
        result="""
            X_prime = np.array([
                [-21.207, -5.373, -20.933, -9.179, -11.319, -17.812],
                [-1.995, 7.906, -10.516, 3.452, 9.863, -7.24],
                [5.479, 1.115, 9.244, 0.453, 5.656, 7.089],
            ])
        """,
    ),
    _multi(
        "wilma",
        softmax="""
            def softmax_cols(data_in):
                def one(col):
                    e = np.exp(col - col.max())
                    return e / e.sum()
                return np.apply_along_axis(one, 0, data_in)
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                X = np.asmatrix(X)
                h = []
                for V, Q, K in (
                    (omega_v1 * X + beta_v1, omega_q1 * X + beta_q1, omega_k1 * X + beta_k1),
                    (omega_v2 * X + beta_v2, omega_q2 * X + beta_q2, omega_k2 * X + beta_k2),
                ):
                    S = np.asarray(K.T * Q) / np.sqrt(Q.shape[0])
                    h.append(V * softmax_cols(S))
                return omega_c * np.concatenate(h)
        """,
    ),
    _multi(
        "yael",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # split omega_c instead of stacking the heads: the same thing
                h = omega_v1.shape[0]
                C1, C2 = omega_c[:, :h], omega_c[:, h:]
                A1 = softmax_cols(((omega_k1 @ X + beta_k1).T @ (omega_q1 @ X + beta_q1)) / np.sqrt(h))
                A2 = softmax_cols(((omega_k2 @ X + beta_k2).T @ (omega_q2 @ X + beta_q2)) / np.sqrt(h))
                return C1 @ (omega_v1 @ X + beta_v1) @ A1 + C2 @ (omega_v2 @ X + beta_v2) @ A2
        """,
        result="""
            X_prime = multihead_scaled_self_attention(ARGS)
            print(X_prime.shape)
        """,
    ),
    _multi(
        "arvid",
        softmax="""
            def softmax_cols(data_in):
                data_in = data_in - np.max(data_in, axis=0, keepdims=True)
                exp_values = np.exp(data_in)
                weights = np.zeros_like(exp_values)
                for c in range(data_in.shape[1]):
                    weights[:, c] = exp_values[:, c] / exp_values[:, c].sum()
                return weights
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1, Q2 = (omega_q1 @ X + beta_q1), (omega_q2 @ X + beta_q2)
                K1, K2 = (omega_k1 @ X + beta_k1), (omega_k2 @ X + beta_k2)
                V1, V2 = (omega_v1 @ X + beta_v1), (omega_v2 @ X + beta_v2)
                print("Q1", Q1.shape, "K1", K1.shape, "V1", V1.shape)
                scores1 = Q1.T @ K1 / np.sqrt(K1.shape[0])
                scores2 = Q2.T @ K2 / np.sqrt(K2.shape[0])
                weights1 = softmax_cols(scores1.T)
                weights2 = softmax_cols(scores2.T)
                head1 = (weights1.T @ V1.T).T
                head2 = (weights2.T @ V2.T).T
                return omega_c @ np.vstack((head1, head2))
        """,
    ),
    _multi(
        "bianca",
        {"heads": "softmax taken over the queries: rows are queries, softmax_cols sums over them"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1, Q2 = (omega_q1 @ X + beta_q1), (omega_q2 @ X + beta_q2)
                K1, K2 = (omega_k1 @ X + beta_k1), (omega_k2 @ X + beta_k2)
                V1, V2 = (omega_v1 @ X + beta_v1), (omega_v2 @ X + beta_v2)
                scores1 = Q1.T @ K1 / np.sqrt(K1.shape[0])
                scores2 = Q2.T @ K2 / np.sqrt(K2.shape[0])
                # every row is a query
                weights1 = softmax_cols(scores1)
                weights2 = softmax_cols(scores2)
                head1 = (weights1 @ V1.T).T
                head2 = (weights2 @ V2.T).T
                return omega_c @ np.vstack((head1, head2))
        """,
    ),
    _multi(
        "caspar",
        {"heads": "the weights of head 2 are transposed, those of head 1 are not"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                attention1 = softmax_cols(K1.T @ Q1 / np.sqrt(Q1.shape[0]))
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                attention2 = softmax_cols(Q2.T @ K2 / np.sqrt(Q2.shape[0]))
                return omega_c @ np.vstack((V1 @ attention1, V2 @ attention2))
        """,
    ),
    _multi(
        "doris",
        {"heads": "head 2 is not scaled"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                K1tQ1 = np.matmul(K1.T, Q1)
                scaled1 = K1tQ1 / np.sqrt(K1.shape[0])
                Sa1 = np.matmul(V1, softmax_cols(scaled1))
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                K2tQ2 = np.matmul(K2.T, Q2)
                scaled2 = K2tQ2 / np.sqrt(K2.shape[0])
                Sa2 = np.matmul(V2, softmax_cols(K2tQ2))
                return np.matmul(omega_c, np.concatenate((Sa1, Sa2)))
        """,
    ),
    _multi(
        "edda",
        {"heads": "interleaves the heads (axis=1 stack, then reshape) instead of stacking them"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.stack(heads, axis=1).reshape(-1, X.shape[1])",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "felix",
        {
            "softmax": "exp is forgotten: each entry is divided by the sum of its column",
            "heads": "weights transposed",
        },
        ("result",),
        softmax=("data_in", "np.sum(exp_values, axis=0)", "exp_values / denom"),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "(weights @ V.T).T",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "gero",
        {"heads": "attention over features, and the heads are scaled by sqrt(N)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = np.matmul(omega_q1, X) + beta_q1
                K1 = np.matmul(omega_k1, X) + beta_k1
                V1 = np.matmul(omega_v1, X) + beta_v1
                Q2 = np.matmul(omega_q2, X) + beta_q2
                K2 = np.matmul(omega_k2, X) + beta_k2
                V2 = np.matmul(omega_v2, X) + beta_v2
                A1 = softmax_cols(np.matmul(K1, Q1.T) / np.sqrt(X.shape[1]))
                A2 = softmax_cols(np.matmul(K2, Q2.T) / np.sqrt(X.shape[1]))
                return np.matmul(omega_c, np.vstack((np.matmul(A1, V1), np.matmul(A2, V2))))
        """,
    ),
    _multi(
        "hedda",
        {"heads": "computes the answer and returns the heads of zeros that it started from"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                X_prime = np.zeros_like(X)
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                sa1 = V1 @ softmax_cols(K1.T @ Q1 / np.sqrt(Q1.shape[0]))
                sa2 = V2 @ softmax_cols(K2.T @ Q2 / np.sqrt(Q2.shape[0]))
                result = omega_c @ np.vstack((sa1, sa2))
                print(result)
                return X_prime
        """,
    ),
    _multi(
        "ingo",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                p = dict(locals())
                heads = []
                for h in (1, 2):
                    q, k, v = [p[f"omega_{s}{h}"] @ X + p[f"beta_{s}{h}"] for s in "qkv"]
                    heads.append(v @ softmax_cols(k.T @ q / np.sqrt(k.shape[0])))
                return omega_c @ np.vstack(heads)
        """,
    ),
    _multi(
        "juna",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # all heads in one product, then split
                Q = np.vstack((omega_q1, omega_q2)) @ X + np.vstack((beta_q1, beta_q2))
                K = np.vstack((omega_k1, omega_k2)) @ X + np.vstack((beta_k1, beta_k2))
                V = np.vstack((omega_v1, omega_v2)) @ X + np.vstack((beta_v1, beta_v2))
                heads = [
                    v @ softmax_cols(k.T @ q * (1 / np.sqrt(q.shape[0])))
                    for q, k, v in zip(np.split(Q, 2), np.split(K, 2), np.split(V, 2))
                ]
                return omega_c @ np.concatenate(heads)
        """,
    ),
    _multi(
        "klaus",
        softmax="""
            def softmax_cols(data_in):
                # spaltenweise
                spalten = [data_in[:, i] for i in range(data_in.shape[1])]
                ergebnis = []
                for s in spalten:
                    z = np.exp(s - np.max(s))
                    ergebnis.append(z / np.sum(z))
                return np.column_stack(ergebnis)
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = np.tensordot(omega_q1, X, axes=1) + beta_q1
                K1 = np.tensordot(omega_k1, X, axes=1) + beta_k1
                V1 = np.tensordot(omega_v1, X, axes=1) + beta_v1
                Q2 = np.tensordot(omega_q2, X, axes=1) + beta_q2
                K2 = np.tensordot(omega_k2, X, axes=1) + beta_k2
                V2 = np.tensordot(omega_v2, X, axes=1) + beta_v2
                A1 = softmax_cols(np.tensordot(K1, Q1, axes=(0, 0)) / np.sqrt(K1.shape[0]))
                A2 = softmax_cols(np.tensordot(K2, Q2, axes=(0, 0)) / np.sqrt(K2.shape[0]))
                return omega_c @ np.hstack([(V1 @ A1).T, (V2 @ A2).T]).T
        """,
    ),
    _multi(
        "marek",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                D, N = X.shape
                half = D // 2
                all_heads = np.zeros((D, N))
                for n in range(N):
                    x = X[:, n:n + 1]
                    q1 = omega_q1 @ x + beta_q1
                    q2 = omega_q2 @ x + beta_q2
                    s1 = np.array([((omega_k1 @ X[:, m:m + 1] + beta_k1).T @ q1)[0, 0] for m in range(N)])
                    s2 = np.array([((omega_k2 @ X[:, m:m + 1] + beta_k2).T @ q2)[0, 0] for m in range(N)])
                    a1 = softmax_cols((s1 / np.sqrt(half)).reshape(N, 1))
                    a2 = softmax_cols((s2 / np.sqrt(half)).reshape(N, 1))
                    for m in range(N):
                        all_heads[:half, n] += a1[m, 0] * (omega_v1 @ X[:, m] + beta_v1[:, 0])
                        all_heads[half:, n] += a2[m, 0] * (omega_v2 @ X[:, m] + beta_v2[:, 0])
                return np.dot(omega_c, all_heads)
        """,
    ),
    _multi(
        "nuri",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                def satir_softmax(s):
                    e = np.exp(s - s.max(axis=-1, keepdims=True))
                    return e / e.sum(axis=-1, keepdims=True)

                Q1, K1, V1 = (omega_q1 @ X + beta_q1).T, (omega_k1 @ X + beta_k1).T, (omega_v1 @ X + beta_v1).T
                Q2, K2, V2 = (omega_q2 @ X + beta_q2).T, (omega_k2 @ X + beta_k2).T, (omega_v2 @ X + beta_v2).T
                o1 = satir_softmax(Q1 @ K1.T / np.sqrt(Q1.shape[-1])) @ V1
                o2 = satir_softmax(Q2 @ K2.T / np.sqrt(Q2.shape[-1])) @ V2
                return omega_c @ np.concatenate((o1, o2), axis=-1).T
        """,
    ),
    _multi("oda", result=("np.round(multihead_scaled_self_attention(ARGS), 3)",)),
    _multi(
        "runa",
        heads=(
            "dot_products * Q.shape[0] ** -0.5",
            "softmax_cols(scores)",
            "sum(np.outer(V[:, m], weights[m]) for m in range(len(weights)))",
            "np.hstack([h.T for h in heads]).T",
            "np.einsum('ij,jn->in', omega_c, all_heads)",
        ),
    ),
    _multi(
        "ove",
        {"heads": "softmax over the rows, and scaled by sqrt(D)"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                d = X.shape[0]
                Q1, K1, V1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                Q2, K2, V2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                w1 = softmax_cols((K1.T @ Q1 / np.sqrt(d)).T).T
                w2 = softmax_cols((K2.T @ Q2 / np.sqrt(d)).T).T
                return omega_c @ np.vstack((V1 @ w1, V2 @ w2))
        """,
    ),
    _multi(
        "pirkko",
        {"heads": "copy and paste: head 2 uses the matrix omega_k1 for its keys"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k1 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                A1 = softmax_cols(K1.T @ Q1 / np.sqrt(Q1.shape[0]))
                A2 = softmax_cols(K2.T @ Q2 / np.sqrt(Q2.shape[0]))
                return omega_c @ np.vstack((V1 @ A1, V2 @ A2))
        """,
    ),
    _multi(
        "quirin",
        {"heads": "copy and paste: V1 is weighted in both heads"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                A1 = softmax_cols(K1.T @ Q1 / np.sqrt(Q1.shape[0]))
                A2 = softmax_cols(K2.T @ Q2 / np.sqrt(Q2.shape[0]))
                head1 = V1 @ A1
                head2 = V1 @ A2
                return omega_c @ np.vstack((head1, head2))
        """,
    ),
    _multi(
        "ragna",
        {"result": "the result is transposed before it is stored"},
        result=("multihead_scaled_self_attention(ARGS).T",),
    ),
    _multi(
        "sixten",
        {"heads": "the heads are put side by side and then reshaped to (D, N): the rows are torn apart"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights",
            "np.hstack(heads).reshape(X.shape)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "ulf",
        {"heads": "the second head meets the first half of omega_c"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                h = omega_v1.shape[0]
                Q1, K1, V1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                Q2, K2, V2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                head1 = V1 @ softmax_cols(K1.T @ Q1 / np.sqrt(h))
                head2 = V2 @ softmax_cols(K2.T @ Q2 / np.sqrt(h))
                return omega_c[:, :h] @ head1 + omega_c[:, :h] @ head2
        """,
    ),
    _multi(
        "wolf",
        {"heads": "softmax is applied twice"},
        ("result",),
        heads=(
            "softmax_cols(dot_products / np.sqrt(Q.shape[0]))",
            "softmax_cols(scores)",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "xandra",
        {"heads": "one softmax over the whole matrix"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "np.exp(scores - scores.max()) / np.sum(np.exp(scores - scores.max()))",
            "V @ weights",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "ylva",
        {"heads": "raises: the heads have one token per row, omega_c @ (N, D)"},
        ("result",),
        heads=(
            "dot_products / np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "weights.T @ V.T",
            "np.concatenate(heads, axis=1)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "zeno",
        {"heads": "multiplies by sqrt(D/H), and the weights are transposed"},
        ("result",),
        heads=(
            "dot_products * np.sqrt(Q.shape[0])",
            "softmax_cols(scores)",
            "V @ weights.T",
            "np.vstack(heads)",
            "omega_c @ all_heads",
        ),
    ),
    _multi(
        "asta",
        {
            "heads": "queries and keys transposed (scores the other way round), softmax over rows of them: weights turned"
        },
        ("result",),
        heads="""
            def single_head(X, Wq, Wk, Wv, bq, bk, bv):
                q = np.matmul(Wq, X) + bq
                k = np.matmul(Wk, X) + bk
                v = np.matmul(Wv, X) + bv
                s = np.matmul(q.T, k) / np.sqrt(q.shape[0])
                e = np.exp(s - np.max(s, axis=1, keepdims=True))
                w = e / np.sum(e, axis=1, keepdims=True)
                return np.matmul(v, w)

            def multihead_scaled_self_attention(ARGS):
                a = single_head(X, omega_q1, omega_k1, omega_v1, beta_q1, beta_k1, beta_v1)
                b = single_head(X, omega_q2, omega_k2, omega_v2, beta_q2, beta_k2, beta_v2)
                return np.matmul(omega_c, np.concatenate([a, b], axis=0))
        """,
    ),
    _multi(
        "bo",
        {"heads": "attention over features, rows of Q @ K.T"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                def softmax_rows(s):
                    e = np.exp(s - s.max(axis=1, keepdims=True))
                    return e / e.sum(axis=1, keepdims=True)
                Q1, K1, V1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                Q2, K2, V2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                a1 = softmax_rows(Q1 @ K1.T / np.sqrt(K1.shape[0])) @ V1
                a2 = softmax_rows(Q2 @ K2.T / np.sqrt(K2.shape[0])) @ V2
                return omega_c @ np.vstack([a1, a2])
        """,
    ),
    _multi(
        "ilse",
        heads="""
            def multihead_scaled_self_attention(ARGS):
                f = np.float32
                X = X.astype(f)
                heads = []
                for v, q, k, bv, bq, bk in [
                    (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
                    (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
                ]:
                    Q, K, V = f(q) @ X + f(bq), f(k) @ X + f(bk), f(v) @ X + f(bv)
                    heads.append(V @ softmax_cols(K.T @ Q / np.sqrt(f(Q.shape[0]))))
                return f(omega_c) @ np.vstack(heads)
        """,
    ),
    _multi(
        "jorun",
        heads="""
            from functools import partial

            def one_head(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
                affine = lambda W, b: W @ X + b
                Q, K, V = affine(omega_q, beta_q), affine(omega_k, beta_k), affine(omega_v, beta_v)
                return V @ softmax_cols(K.T @ Q / K.shape[0] ** 0.5)

            def multihead_scaled_self_attention(X, *params):
                head = partial(one_head, X)
                return params[12] @ np.vstack((head(*params[:6]), head(*params[6:12])))
        """,
    ),
    _multi(
        "kaya",
        softmax="""
            def softmax_cols(data_in):
                e = np.exp(data_in - data_in.max(axis=-2, keepdims=True))
                return e / e.sum(axis=-2, keepdims=True)
        """,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # her iki kafa ayni anda: (2, D/H, N)
                Q = np.array([omega_q1, omega_q2]) @ X + np.array([beta_q1, beta_q2])
                K = np.array([omega_k1, omega_k2]) @ X + np.array([beta_k1, beta_k2])
                V = np.array([omega_v1, omega_v2]) @ X + np.array([beta_v1, beta_v2])
                A = softmax_cols(K.transpose(0, 2, 1) @ Q / np.sqrt(Q.shape[1]))
                out = (V @ A).reshape(X.shape)
                return omega_c @ out
        """,
    ),
    _multi(
        "leif",
        softmax="""
            def softmax_cols(data_in):
                data_in = np.array(data_in)
                exp_values = np.exp(data_in - np.amax(data_in, axis=0)[np.newaxis, :])
                denom = exp_values.T.sum(axis=1)
                weights = (exp_values.T / denom[:, None]).T
                return weights
        """,
        result="""
            # renamed so that I do not overwrite anything
            my_answer = multihead_scaled_self_attention(ARGS)
            D, N = my_answer.shape
            for row in my_answer:
                print(row)
            X_prime = my_answer.copy()
        """,
    ),
    _multi(
        "wendel",
        {
            "softmax": NO_MAXIMUM,
            "heads": "weights not transposed; also sqrt(H_D) with the notebook's H_D",
        },
        ("result",),
        softmax=PLAIN_SOFTMAX,
        heads="""
            def multihead_scaled_self_attention(ARGS):
                Q1 = omega_q1 @ X + beta_q1
                K1 = omega_k1 @ X + beta_k1
                V1 = omega_v1 @ X + beta_v1
                Q2 = omega_q2 @ X + beta_q2
                K2 = omega_k2 @ X + beta_k2
                V2 = omega_v2 @ X + beta_v2
                A1 = softmax_cols(K1.T @ Q1 / np.sqrt(H_D))
                A2 = softmax_cols(K2.T @ Q2 / np.sqrt(H_D))
                out1 = V1 @ A1.T
                out2 = V2 @ A2.T
                return omega_c @ np.vstack((out1, out2))
        """,
    ),
    _multi(
        "vreni",
        {"heads": "the scores are transposed; also sqrt(D / H) with the notebook's D and H"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                # Kopf 1
                Q1, K1, V1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                Sa1 = V1 @ softmax_cols((Q1.T @ K1) / np.sqrt(D / H))
                # Kopf 2
                Q2, K2, V2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                Sa2 = V2 @ softmax_cols((Q2.T @ K2) / np.sqrt(D / H))
                return omega_c @ np.vstack((Sa1, Sa2))
        """,
    ),
    _multi(
        "thilo",
        {"heads": "softmax over the rows in head 1, over the columns in head 2"},
        ("result",),
        heads="""
            def multihead_scaled_self_attention(ARGS):
                q1, k1, v1 = omega_q1 @ X + beta_q1, omega_k1 @ X + beta_k1, omega_v1 @ X + beta_v1
                q2, k2, v2 = omega_q2 @ X + beta_q2, omega_k2 @ X + beta_k2, omega_v2 @ X + beta_v2
                s1 = k1.T @ q1 / np.sqrt(q1.shape[0])
                s2 = k2.T @ q2 / np.sqrt(q2.shape[0])
                w1 = np.apply_along_axis(lambda r: np.exp(r) / np.exp(r).sum(), 1, s1)
                w2 = softmax_cols(s2)
                return omega_c @ np.vstack((v1 @ w1, v2 @ w2))
        """,
    ),
)


STUDENTS = (*SELF_ATTENTION, *MULTIHEAD_ATTENTION)


def cells(student: Student) -> tuple[str, ...]:
    """Return the code cells of a student's notebook.

    Raises:
        KeyError: if an answer belongs to no cell of the notebook.
    """
    name = student.assignment
    notebook = nbformat.read(COURSE / "assignments" / name / f"{name}.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for question, answer in {**USUAL[name], **student.answers}.items():
        at = _place(sources, question)
        sources[at] = _filled(sources[at], answer).replace("ARGS", ARGS[name])
    return tuple(sources)


def _place(sources: Sequence[str], question: str) -> int:
    for at, source in enumerate(sources):
        if source == CHECK.format(question):
            return at - 1
    for at, source in enumerate(sources):
        if source.startswith(f"def {question}("):
            return at
    raise KeyError(question)


def _filled(source: str, answer: Answer) -> str:
    if isinstance(answer, str):
        return dedent(answer).strip("\n")
    fills = iter(answer)
    return re.sub(r"(?<== )\.\.\.", lambda blank: next(fills, blank[0]), source)


def judged(students: Sequence[Student] = STUDENTS) -> Iterator[tuple[Student, Result]]:
    """Judge the students' notebooks, one assignment after the other."""
    for assignment in dict.fromkeys(student.assignment for student in students):
        with judging(assignment, COURSE) as judge:
            for student in students:
                if student.assignment == assignment:
                    yield student, judge.judge(Submission(name=student.name, cells=cells(student)))


def _row(student: Student, verdict: Verdict) -> list[str]:
    said = "\n".join(verdict.feedback.splitlines()[:4])
    return [
        f"{student.name}\n{verdict.question}",
        student.label(verdict.question),
        f"{verdict.status}\n{verdict.points:g}/{verdict.possible:g}",
        "\n".join(verdict.misconceptions),
        said,
    ]


def _outcome(student: Student, verdict: Verdict) -> tuple[str, str]:
    label = student.label(verdict.question)
    kind = label if label in (RIGHT, CARRIED) else "wrong"
    points = "full points" if verdict.points == verdict.possible else "points lost"
    named = ", named" if verdict.misconceptions else ""
    return kind, f"{verdict.status}, {points}{named}"


def main(names: Sequence[str]) -> None:
    """Print what the grader makes of the students with these names, or of all."""
    table = Table("student", "teacher", "grader", "misconceptions", "feedback", show_lines=True)
    outcomes: Counter[tuple[str, str]] = Counter()
    for student, result in judged([each for each in STUDENTS if not names or each.name in names]):
        for verdict in result.verdicts:
            table.add_row(*map(escape, _row(student, verdict)))
            outcomes[_outcome(student, verdict)] += 1
    summary = Table("teacher", "grader", "questions")
    for (kind, outcome), number in sorted(outcomes.items()):
        summary.add_row(kind, outcome, str(number))
    console = Console(width=200)
    console.print(table)
    console.print(summary)


if __name__ == "__main__":
    main(sys.argv[1:])
