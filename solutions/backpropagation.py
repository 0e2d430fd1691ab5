# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Backpropagation
#
# A network learns by asking of each of its parameters: if this number were a little larger, how would the loss change?
# The answers are the **gradient**, and there is one for each parameter, however many there are. Backpropagation finds
# all of them in one pass from the loss back to the input, for about twice the price of computing the outputs.
#
# In this notebook you build it for a network with one hidden layer, one short function at a time, and train the
# network with it. The notation is close to that of chapter 7 of S. J. D. Prince, *Understanding Deep Learning* (MIT
# Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# sizes from the arguments, not from `D`, `M`, `K` and `N` of this notebook, and leave the arguments as they are: change
# copies.

# %% [markdown]
# ## The inputs
#
# There are $N$ examples of $D$ numbers each, side by side as the columns of a matrix $\mathbf{X}$ of shape $(D, N)$.
# Each belongs to one of $K$ classes, and column $n$ of the matrix $\mathbf{Y}$ of shape $(K, N)$ says to which: it is 1
# in the row of that class, and 0 in all others. The numbers are random, but the same for everybody.

# %% tags=["given"]
import numpy as np

# Numbers in an example, hidden units, classes, examples
D = 3
M = 5
K = 4
N = 6

np.random.seed(3)
X = np.random.normal(size=(D, N))
Y = np.eye(K)[:, [2, 0, 1, 3, 0, 2]]

np.set_printoptions(precision=3, suppress=True)
print(X)
print(Y)

# %% [markdown]
# The network has two layers. Each has a matrix of weights $\boldsymbol\Omega$ and a column of biases
# $\boldsymbol\beta$; these are the parameters.

# %% tags=["given"]
np.random.seed(1)

# The hidden layer: from D numbers to M
omega_1 = np.random.normal(size=(M, D))
beta_1 = np.random.normal(size=(M, 1))

# The output layer: from M numbers to K
omega_2 = np.random.normal(size=(K, M))
beta_2 = np.random.normal(size=(K, 1))

# %% [markdown]
# ## 1. Forward
#
# All examples go through the network at once, column by column:
#
# $$
# \mathbf{A} = \boldsymbol\Omega_1\mathbf{X} + \boldsymbol\beta_1\mathbf{1}^T \qquad
# \mathbf{H} = \operatorname{ReLU}[\mathbf{A}] \qquad
# \mathbf{F} = \boldsymbol\Omega_2\mathbf{H} + \boldsymbol\beta_2\mathbf{1}^T
# $$
#
# The **pre-activations** $\mathbf{A}$ and the **activations** $\mathbf{H}$ have shape $(M, N)$, the **scores**
# $\mathbf{F}$ have shape $(K, N)$. NumPy repeats a column vector for every column of the matrix that it is added to, so
# there is no need for the $\mathbf{1}^T$. ReLU, which sets negative numbers to zero, is given.


# %% tags=["given"]
def relu(A):
    """Return a matrix of the same shape, with zeros in the place of its negative entries."""
    return np.maximum(A, 0)


# %% question="forward"
def forward(X, omega_1, beta_1, omega_2, beta_2):
    # Pre-activations and activations of the hidden layer, shape (M, N)
    A = omega_1 @ X + beta_1  # SOLUTION
    H = relu(A)  # SOLUTION

    # The scores, shape (K, N)
    F = omega_2 @ H + beta_2  # SOLUTION
    return F


# %% tags=["given", "show"]
print("Your answer:")
print(forward(X, omega_1, beta_1, omega_2, beta_2))
print("\nTrue values:")
print("[[ 1.544  2.987  0.371  3.634  0.59   7.314]")
print(" [-3.709 -0.346 -0.556 -0.866 -0.621 -2.68 ]")
print(" [-4.183 -3.129 -1.167 -2.831 -1.219 -6.442]")
print(" [ 3.051  3.85   2.156  0.813  1.835  4.279]]")

# %% [markdown]
# ## The loss, and a way to check gradients
#
# The softmax turns each column of scores into probabilities $\mathbf{P}$. The loss is the **mean over the examples** of
# the negative logarithm of the probability that the right class is given:
#
# $$
# \mathbf{P} = \operatorname{Softmax}[\mathbf{F}] \qquad\qquad
# L = -\frac{1}{N}\sum_{n=1}^{N}\sum_{k=1}^{K} Y_{kn}\log P_{kn}
# $$
#
# Softmax and loss are given. So is a slow way to find any gradient: change one number at a time by a tiny step up and
# down, and see how much the loss changes. These **central differences** need two losses for each number, so nobody
# trains with them. But they need no thinking either, which makes them a good judge of your functions. They are no answer:
# when you hand in, your functions are also tried with large matrices, for which differences would take minutes.


# %% tags=["given"]
def softmax_cols(F):
    """Return a matrix of the same shape: the softmax of each column on its own."""
    exponentials = np.exp(F - np.max(F, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


def cross_entropy(scores, labels):
    """Return the loss, one number: the mean over the columns of the scores."""
    return -np.mean(np.log(np.sum(labels * softmax_cols(scores), axis=0)))


def central_differences(function, array, step=1e-5):
    """Return the gradient of `function(array)`, a number, in the shape of the array."""
    gradient = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        change = np.zeros(array.shape)
        change[place] = step
        gradient[place] = (function(array + change) - function(array - change)) / (2 * step)
    return gradient


# %% [markdown]
# ## 2. The gradient with respect to the scores
#
# Backward means from the loss to the input, so the scores come first. How the loss changes with each of them is a
# matrix of the shape of $\mathbf{F}$. In column $n$, if you work it out, softmax and logarithm leave a very short
# expression: the probabilities, less what they should have been.
#
# $$
# \frac{\partial L}{\partial \mathbf{F}} = \frac{1}{N}\bigl(\mathbf{P} - \mathbf{Y}\bigr)
# $$
#
# The factor $1/N$ is there because the loss is a mean. It is the only place where it occurs: all that follows is made
# from this matrix and has it in it already.


# %% question="scores_gradient"
def scores_gradient(F, Y):
    # The probabilities, shape (K, N)
    P = softmax_cols(F)  # SOLUTION

    # The gradient, shape (K, N)
    d_F = (P - Y) / F.shape[1]  # SOLUTION
    return d_F


# %% [markdown]
# Compare it with central differences, for two examples and three classes:

# %% tags=["given", "show"]
some_scores = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 3.0]])
some_labels = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
print("Your answer:")
print(scores_gradient(some_scores, some_labels))
print("\nCentral differences:")
print(central_differences(lambda F: cross_entropy(F, some_labels), some_scores))

# %% [markdown]
# ## 3. The gradient with respect to weights
#
# Say a layer has inputs $\mathbf{Z}$, a column for each example, and outputs
# $\boldsymbol\Omega\mathbf{Z} + \boldsymbol\beta\mathbf{1}^T$, and the gradient $\mathbf{G}$ with respect to its outputs
# is known. A weight in row $i$ and column $j$ leads from input $j$ to output $i$. If it grows by a little, output $i$
# of each example grows by that much times input $j$, so all examples add to its gradient:
#
# $$
# \frac{\partial L}{\partial \Omega_{ij}} = \sum_{n=1}^{N} G_{in} Z_{jn}
# \qquad\text{or}\qquad
# \frac{\partial L}{\partial \boldsymbol\Omega} = \mathbf{G}\mathbf{Z}^T
# $$
#
# It is a **sum** over the examples, not a mean. Like every gradient it has the shape of what it belongs to: that of
# $\boldsymbol\Omega$. The function serves for both layers.


# %% question="weights_gradient"
def weights_gradient(G, Z):
    # As many rows as G, as many columns as Z has rows
    d_omega = G @ Z.T  # SOLUTION
    return d_omega


# %% tags=["given", "show"]
some_gradient = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
some_inputs = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0], [5.0, 0.0, 1.0], [0.0, 0.0, 2.0]])
print("Your answer:")
print(weights_gradient(some_gradient, some_inputs))
print("\nTrue values:")
print("[[-2.  0.  4. -2.]")
print(" [ 4.  1. 10.  0.]]")

# %% [markdown]
# ## 4. The gradient with respect to biases
#
# A bias is added to its output in every example. So its gradient is the **sum** of that output's gradients over all
# examples,
#
# $$
# \frac{\partial L}{\partial \beta_{i}} = \sum_{n=1}^{N} G_{in},
# $$
#
# and there is one for each output. Return them as a column, the shape of $\boldsymbol\beta$: an array of shape `(3,)`
# beside one of shape `(3, 1)` is a trap, since NumPy takes it for a row and makes a matrix of the two.


# %% question="bias_gradient"
def bias_gradient(G):
    # A column, with as many rows as G
    d_beta = np.sum(G, axis=1, keepdims=True)  # SOLUTION
    return d_beta


# %% tags=["given", "show"]
print("Your answer:")
print(bias_gradient(some_gradient))
print("\nTrue values:")
print("[[0.]")
print(" [3.]]")

# %% [markdown]
# ## 5. Back through the output layer and ReLU
#
# Now from the scores to the hidden layer. Hidden unit $j$ takes part in all $K$ scores, through the weights in column
# $j$ of $\boldsymbol\Omega_2$, so the gradients of all scores come back to it, each times its weight: that is the
# product with the **transposed** matrix. Then ReLU: where the pre-activation is positive, ReLU hands it on as it is, and
# the gradient passes. Where it is negative, ReLU is 0 whatever happens to it, and the gradient is 0.
#
# $$
# \frac{\partial L}{\partial \mathbf{H}} = \boldsymbol\Omega_2^T\,\frac{\partial L}{\partial \mathbf{F}}
# \qquad\qquad
# \frac{\partial L}{\partial \mathbf{A}} = \frac{\partial L}{\partial \mathbf{H}} \odot \mathbb{I}[\mathbf{A} > 0]
# $$
#
# Here $\odot$ multiplies entry by entry, and $\mathbb{I}[\mathbf{A} > 0]$ is 1 where an entry of $\mathbf{A}$ is
# positive, and 0 elsewhere. (At exactly 0, ReLU has a corner and no derivative: there either is right.)


# %% question="hidden_gradient"
def hidden_gradient(d_F, omega_2, A):
    # With respect to the activations, shape (M, N)
    d_H = omega_2.T @ d_F  # SOLUTION

    # With respect to the pre-activations, shape (M, N)
    d_A = d_H * (A > 0)  # SOLUTION
    return d_A


# %% [markdown]
# Compare it with central differences of the loss, for two examples, four hidden units and three classes:

# %% tags=["given", "show"]
some_weights = np.array([[1.0, -2.0, 0.5, 1.0], [0.0, 1.0, 1.5, -1.0], [2.0, 0.5, -1.0, 0.0]])
some_hidden = np.array([[0.5, -1.0], [2.0, 1.0], [-0.5, 3.0], [1.0, -2.0]])


def loss_of_hidden(pre_activations):
    """Return the loss with other pre-activations."""
    return cross_entropy(some_weights @ relu(pre_activations), some_labels)


of_scores = central_differences(lambda F: cross_entropy(F, some_labels), some_weights @ relu(some_hidden))
print("Your answer:")
print(hidden_gradient(of_scores, some_weights, some_hidden))
print("\nCentral differences:")
print(central_differences(loss_of_hidden, some_hidden))

# %% [markdown]
# ## 6. All the way back
#
# Now put it together. First the network is computed forward, as in section 1, since its pre-activations and activations
# are needed. Then come the gradients, from the scores to the hidden layer: each layer's weights and biases get theirs
# from the gradient with respect to the **outputs** of that layer, before ReLU, and from its **inputs**:
#
# | layer | inputs | outputs | gradient with respect to the outputs |
# |---|---|---|---|
# | output layer | $\mathbf{H}$ | $\mathbf{F}$ | of section 2 |
# | hidden layer | $\mathbf{X}$ | $\mathbf{A}$ | of section 5 |
#
# Use your functions. The result is a list of four gradients.


# %% question="backward"
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    # Forward: pre-activations, activations, scores
    A = omega_1 @ X + beta_1  # SOLUTION
    H = relu(A)  # SOLUTION
    F = omega_2 @ H + beta_2  # SOLUTION

    # Backward: the output layer
    d_F = scores_gradient(F, Y)  # SOLUTION
    d_omega_2 = weights_gradient(d_F, H)  # SOLUTION
    d_beta_2 = bias_gradient(d_F)  # SOLUTION

    # The hidden layer
    d_A = hidden_gradient(d_F, omega_2, A)  # SOLUTION
    d_omega_1 = weights_gradient(d_A, X)  # SOLUTION
    d_beta_1 = bias_gradient(d_A)  # SOLUTION
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]


# %% [markdown]
# The gradients beside central differences of the loss, which know nothing of layers:

# %% tags=["given", "show"]
parameters = [omega_1, beta_1, omega_2, beta_2]
names = ["omega_1", "beta_1", "omega_2", "beta_2"]


def loss_with(number, array):
    """Return the loss if the parameter with this number were another array."""
    first, bias, second, last_bias = [array if i == number else parameters[i] for i in range(4)]
    return cross_entropy(second @ relu(first @ X + bias) + last_bias, Y)


for number, gradient in enumerate(backward(X, Y, omega_1, beta_1, omega_2, beta_2)):
    print(f"Your gradient of {names[number]}:")
    print(gradient)
    print("Central differences:")
    print(central_differences(lambda array, number=number: loss_with(number, array), parameters[number]))
    print()

# %% [markdown]
# ## 7. A step downhill
#
# The gradient says in which direction the loss grows fastest. To make it smaller, all parameters take a step in the
# opposite direction, which is as long as the gradient times the **learning rate** $\alpha$:
#
# $$
# \boldsymbol\Omega \leftarrow \boldsymbol\Omega - \alpha\,\frac{\partial L}{\partial \boldsymbol\Omega}
# \qquad\qquad
# \boldsymbol\beta \leftarrow \boldsymbol\beta - \alpha\,\frac{\partial L}{\partial \boldsymbol\beta}
# $$
#
# All four gradients are those at the place where the step begins. Return the new parameters as a list, in the same
# order, and leave the old ones as they are.


# %% question="gradient_step"
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]

    # The four gradients, in the same order
    gradients = backward(X, Y, *parameters)  # SOLUTION

    # The four new parameters
    new_parameters = [parameters[i] - learning_rate * gradients[i] for i in range(4)]  # SOLUTION
    return new_parameters


# %% [markdown]
# Now train the network: the loss should fall from step to step, and in the end every example should be in its class.

# %% tags=["given", "show"]
trained = parameters
for step in range(201):
    if trained is ...:
        break
    if step % 40 == 0:
        scores = trained[2] @ relu(trained[0] @ X + trained[1]) + trained[3]
        right = np.sum(np.argmax(scores, axis=0) == np.argmax(Y, axis=0))
        print(f"After {step:3} steps: loss {cross_entropy(scores, Y):.3f}, {right} of {N} right")
    trained = gradient_step(X, Y, *trained, 0.1)

# %% [markdown]
# ## To think about
#
# * How many losses do central differences need for all parameters of this network? And for one with a million?
# * A hidden unit whose pre-activation is negative for all examples has no gradient at all. Can it ever learn again?
# * If all weights were zero at the start, what would the gradients be? Which parameters would learn?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
import functools

from autograder import author

author.assignment("Backpropagation", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])


def labels(rng, K, N):
    """Return a matrix of shape (K, N) with a single 1 in each column."""
    return np.eye(K)[:, rng.integers(K, size=N)]


def network(rng, D, M, K, N):
    """Return the examples, their labels and the four parameters of a network of these sizes."""
    sizes = [(M, D), (M, 1), (K, M), (K, 1)]
    return rng.normal(size=(D, N)), labels(rng, K, N), *(rng.normal(size=size) for size in sizes)


def sizes_of(X, Y, omega_1, beta_1, omega_2, beta_2, *_):
    """Return the notebook's sizes as they would be for these arguments."""
    return {"D": X.shape[0], "M": omega_1.shape[0], "K": omega_2.shape[0], "N": X.shape[1]}


QUICK = "a large network takes no longer than a few products of matrices do"


def same(one, other):
    """Whether two arrays are the same, in single precision too."""
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-3, atol=1e-4)


def agrees(gradient, function, array):
    """Whether a gradient is what central differences find, of the same shape; in single precision too."""
    expected = central_differences(function, array)
    return same(gradient, expected)


def gradients_of(X, Y, omega_1, beta_1, omega_2, beta_2):
    """Return the gradients with respect to all parameters."""
    A = omega_1 @ X + beta_1
    d_F = (softmax_cols(omega_2 @ relu(A) + beta_2) - Y) / X.shape[1]
    d_A = (omega_2.T @ d_F) * (A > 0)
    return [
        d_A @ X.T, d_A.sum(axis=1, keepdims=True), d_F @ relu(A).T, d_F.sum(axis=1, keepdims=True),
    ]  # fmt: skip


def loss_of(X, Y, omega_1, beta_1, omega_2, beta_2):
    """Return the loss of the network."""
    return cross_entropy(omega_2 @ relu(omega_1 @ X + beta_1) + beta_2, Y)


def with_parameter(function, arguments, number, array):
    """Return what a function makes of the arguments if parameter `number`, from 0 to 3, is another array."""
    return function(*arguments[: 2 + number], array, *arguments[3 + number :])


def without_labels(arguments):
    """Return the arguments of a network but its labels."""
    return arguments[:1] + arguments[2:]


def hidden_arguments(rng, M, K, N):
    """Return a gradient of scores, weights of the output layer and pre-activations."""
    return rng.normal(size=(K, N)), rng.normal(size=(K, M)), rng.normal(size=(M, N))


def masked_by_gradient(X, Y, omega_1, beta_1, omega_2, beta_2):
    """Return the gradients if ReLU is applied to that of the activations."""
    right = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    d_A = relu(omega_2.T @ scores_gradient(forward(X, omega_1, beta_1, omega_2, beta_2), Y))
    return [weights_gradient(d_A, X), bias_gradient(d_A), *right[2:]]


def some_updated(new, arguments, numbers):
    """Return the new parameters with these numbers, and the old ones else."""
    return [new[number] if number in numbers else arguments[2 + number] for number in range(4)]


def one_after_the_other(X, Y, rest, groups):
    """Return the parameters if those of each group take their step after those of the groups before it."""
    *parameters, learning_rate = rest
    for group in groups:
        gradients = backward(X, Y, *parameters)
        for number in group:
            parameters[number] = parameters[number] - learning_rate * gradients[number]
    return parameters


def back_through_new_weights(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    """Return the parameters if the output layer takes its step before the gradient goes back through it."""
    new = gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate)
    d_F = scores_gradient(forward(X, omega_1, beta_1, omega_2, beta_2), Y)
    d_A = hidden_gradient(d_F, new[2], omega_1 @ X + beta_1)
    new[0] = omega_1 - learning_rate * weights_gradient(d_A, X)
    new[1] = beta_1 - learning_rate * bias_gradient(d_A)
    return new


# %%
author.question(
    "forward",
    sizes=lambda X, *parameters: sizes_of(X, None, *parameters),
    steps=[
        author.step("hidden layer", 1),
        author.step("ReLU", 0.5),
        author.step("scores", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X is (D, N), the first product is (M, D) times (D, N), so A and H are (M, N); the second is (K, M) times "
    "(M, N), so the scores are (K, N). Biases are columns, (M, 1) and (K, 1).",
    hints=[
        "Three equations, three lines. What goes into the second product: what comes out of the first one as it is, or what "
        "is left of it after ReLU?",
        """
        In the equations of section 1 the weights stand to the left of what they are multiplied with, as they are, and the
        product is that of matrices. A bias is added to what comes out of the product, so before ReLU in the hidden layer.
        After the last bias comes nothing.
        """,
        """
        Two examples, two hidden units, one class:

            examples         1   3
                             2   0
            first weights    1  -1
                             2   1
            first biases   0.5
                            -5
            A             -0.5   3.5
                            -1   1
            H                0   3.5
                             0   1
            last weights     2  -1
            last bias        1
            scores           1   7

        Both units are silent for the first example, so its score is the bias.
        """,
    ],
    cases=[
        author.case("the notebook's network", hidden=False, args=(X, omega_1, beta_1, omega_2, beta_2)),
        author.case(
            "another network", hidden=True, args=lambda rng: without_labels(network(rng, D, M, K, N))
        ),
        author.case(
            "two classes, 9 examples", hidden=True, args=lambda rng: without_labels(network(rng, 6, 4, 2, 9))
        ),
        author.case("one example", hidden=True, args=lambda rng: without_labels(network(rng, 2, 7, 3, 1))),
    ],
    properties=[
        author.property(
            "each example goes its own way",
            hidden=True,
            args=lambda rng: without_labels(network(rng, 3, 4, 2, 7)),
            holds=lambda forward, X, *parameters: np.allclose(
                forward(X, *parameters)[:, ::-1], forward(X[:, ::-1], *parameters), rtol=1e-3, atol=1e-4
            ),
            feedback="If the examples come in another order, the columns of the result should too, and nothing else.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "ReLU forgotten",
            old="relu(A)",
            new="A",
            step="ReLU",
            feedback="Your scores are what comes out if ReLU is left out: negative pre-activations go into the second "
            "layer as they are. Without it, the two layers are no more than one, since a product of two matrices is a "
            "matrix. Which of your variables goes into the second product?",
        ),
        author.misconception(
            "bias of the hidden layer forgotten",
            old=" + beta_1",
            new="",
            step="hidden layer",
            feedback="Your hidden layer has no bias: the pre-activations are the product alone. In the first equation of "
            "section 1 something is added to it, the same column to each example.",
        ),
        author.misconception(
            "bias of the output layer forgotten",
            old=" + beta_2",
            new="",
            step="scores",
            feedback="In each row your scores are off by the same number: the bias of the output layer is missing. In the "
            "third equation of section 1 the product is followed by one more term.",
        ),
        author.misconception(
            "ReLU of the scores",
            old="return F",
            new="return relu(F)",
            step="scores",
            feedback="Your result has zeros where scores should be negative. ReLU belongs between the two layers; after "
            "the last one comes nothing here, since scores may have either sign and the softmax comes with the loss.",
        ),
        author.misconception(
            "probabilities instead of scores",
            old="return F",
            new="return softmax_cols(F)",
            step="scores",
            feedback="The columns of your result sum to 1: you return probabilities. The function ends with the scores, "
            "before any softmax. That comes with the loss, and would be taken twice if the scores had it already.",
        ),
        author.misconception(
            "bias added after ReLU",
            edits=[(" + beta_1", ""), ("relu(A)", "relu(A) + beta_1")],
            step="hidden layer",
            feedback="In your hidden layer the bias comes after ReLU, and so it cannot decide any more which units are "
            "switched on. It belongs to the pre-activations, which are inside of ReLU in the equation.",
        ),
        author.misconception(
            "absolute values instead of ReLU",
            old="relu(A)",
            new="np.abs(A)",
            step="ReLU",
            feedback="Your hidden layer turns negative pre-activations into positive ones of the same size. ReLU sets them "
            "to zero instead, so that a unit can be silent. The function is given above your cell.",
        ),
        author.misconception(
            "negative part kept instead of the positive",
            old="relu(A)",
            new="np.minimum(A, 0)",
            step="ReLU",
            feedback="Your hidden layer keeps what is negative and drops what is positive, when it should be the other "
            "way around. To cut off below zero, each entry is compared with zero, and the larger of the two is kept.",
        ),
        author.misconception(
            "zeros and ones instead of ReLU",
            old="relu(A)",
            new="(A > 0)",
            step="ReLU",
            feedback="Your activations are only ones and zeros: you have what tells whether a unit is switched on, not "
            "how much it puts out. ReLU hands on a positive number as it is. Zeros and ones will be wanted on the way "
            "back.",
        ),
        author.misconception(
            "tanh instead of ReLU",
            old="relu(A)",
            new="np.tanh(A)",
            step="ReLU",
            feedback="The activations of your hidden layer are between -1 and 1: they are hyperbolic tangents. That is a "
            "possible network, but not this one, and its gradients are others. The equation in section 1 has ReLU.",
        ),
        author.misconception(
            "sigmoid instead of ReLU",
            old="relu(A)",
            new="(1 / (1 + np.exp(-A)))",
            step="ReLU",
            feedback="The activations of your hidden layer are between 0 and 1: they are sigmoids. That is a possible "
            "network, but not this one, and its gradients are others. The equation in section 1 has ReLU.",
        ),
        author.misconception(
            "a leak in ReLU",
            old="relu(A)",
            new="np.where(A > 0, A, 0.01 * A)",
            step="ReLU",
            feedback="Your hidden layer lets a hundredth of each negative pre-activation through. Such a leaky ReLU exists, "
            "but the one that is given in section 1 lets nothing through.",
        ),
        author.misconception(
            "one row for each example",
            old="return F",
            new="return F.T",
            step="scores",
            feedback="Your scores have one row for each example. Here examples are columns, in the result as in the "
            "input: as many rows as there are classes, as many columns as there are examples. Look for a transpose at "
            "the end.",
        ),
        author.misconception(
            "first weights transposed",
            old="omega_1 @",
            new="omega_1.T @",
            step="hidden layer",
            feedback="The first product does not fit: you have turned the weights of the hidden layer. They are (M, D), "
            "and examples are columns of D numbers, so they can stand to the left of the examples as they are.",
        ),
        author.misconception(
            "second weights transposed",
            old="omega_2 @",
            new="omega_2.T @",
            step="scores",
            feedback="The second product does not fit: you have turned the weights of the output layer. They are (K, M) "
            "and stand to the left of the activations, (M, N), as they are. It is on the way back that they are turned.",
        ),
        author.misconception(
            "activations returned",
            old="return F",
            new="return H",
            step="scores",
            feedback="What you return is the activations of the hidden layer, with a row for each hidden unit. The second "
            "layer is still to come: its product, and its bias, make the scores.",
        ),
    ],
)

# %%
author.question(
    "scores_gradient",
    sizes=lambda F, Y: {"K": F.shape[0], "N": F.shape[1]},
    steps=[
        author.step("probabilities", 0.5),
        author.step("probabilities less labels", 1),
        author.step("mean over the examples", 0.75),
        author.step(
            "large scores",
            0.25,
            minor=True,
            hint="Exponentials of large scores are infinite: the softmax that is given subtracts the largest score first.",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Scores, probabilities, labels and the gradient all have the shape (K, N): a row for each class, a column for "
    "each example.",
    hints=[
        "Each column is a list of scores for one example. What do they become before they can be compared with zeros and "
        "a one? And over what is the loss a mean?",
        """
        The equation of section 2 has brackets, and a fraction in front that belongs to both terms in them. What $N$ counts
        is the examples, and these are columns. The probabilities of each column sum to 1, and so do its labels: what
        should the entries of a column of the gradient sum to?
        """,
        """
        Two examples, two classes:

            scores            1     0
                              2     0
            probabilities   0.269  0.5
                            0.731  0.5
            labels            0     1
                              1     0
            difference      0.269 -0.5
                           -0.269  0.5
            gradient        0.134 -0.25
                           -0.134  0.25

        Where the right class has too little probability, the gradient is negative: that score should grow.
        """,
    ],
    cases=[
        author.case(
            "the notebook's network", hidden=False, args=(forward(X, omega_1, beta_1, omega_2, beta_2), Y)
        ),
        author.case(
            "another network", hidden=True, args=lambda rng: (rng.normal(size=(K, N)), labels(rng, K, N))
        ),
        author.case(
            "3 classes, 8 examples",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 8)), labels(rng, 3, 8)),
        ),
        author.case(
            "one example", hidden=True, args=lambda rng: (rng.normal(size=(5, 1)), labels(rng, 5, 1))
        ),
        author.case(
            "scores in the thousands",
            hidden=True,
            args=lambda rng: (
                np.array([[4000.0, -3.0], [3999.0, 2000.0], [-4000.0, 2001.0]]),
                labels(rng, 3, 2),
            ),
            steps=["large scores"],
        ),
    ],
    properties=[
        author.property(
            "agrees with central differences of the loss",
            hidden=True,
            args=lambda rng: (2 * rng.normal(size=(3, 5)), labels(rng, 3, 5)),
            holds=lambda scores_gradient, F, Y: agrees(
                scores_gradient(F, Y), lambda F: cross_entropy(F, Y), F
            ),
            feedback="Central differences of the loss, which section 2 shows you how to compute, find another gradient.",
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: (rng.normal(size=(8, 4000)), labels(rng, 8, 4000)),
            holds=lambda scores_gradient, F, Y: same(scores_gradient(F, Y), (softmax_cols(F) - Y) / 4000),
            feedback="With large matrices, your function finds another gradient.",
        ),
    ],
    equivalents=[
        author.equivalent("F.shape -> Y.shape", reason="scores and labels have the same shape"),
        author.equivalent(
            "F.shape[1] -> F.shape[-1]", reason="scores have two axes, so the second is the last"
        ),
    ],
    misconceptions=[
        author.misconception(
            "sum over the examples instead of the mean",
            old=" / F.shape[1]",
            new="",
            step="mean over the examples",
            feedback="Your gradient is too large by a factor of the number of examples: it is that of the sum of the "
            "examples' losses. The loss of this network is their mean, and its gradient has the same factor in front. "
            "See the last sentences of section 2.",
        ),
        author.misconception(
            "divided by the number of classes",
            old="F.shape[1]",
            new="F.shape[0]",
            step="mean over the examples",
            feedback="You divide by the number of classes. The mean of the loss is taken over the examples, and these are "
            "the columns here: in `shape`, rows come first.",
        ),
        author.misconception(
            "divided by the number of all entries",
            old="F.shape[1]",
            new="F.size",
            step="mean over the examples",
            feedback="You divide by the number of all entries, classes times examples. The loss is a mean over the "
            "examples only; over the classes it is a sum, in which one term remains.",
        ),
        author.misconception(
            "always divided by six",
            old="F.shape[1]",
            new="6",
            step="mean over the examples",
            feedback="You divide by six, as many examples as this notebook has, however many are given. The mean is taken over "
            "the columns of the scores that your function gets: how can it find out how many they are?",
        ),
        author.misconception(
            "labels less probabilities",
            old="P - Y",
            new="Y - P",
            step="probabilities less labels",
            feedback="Your gradient has the wrong sign everywhere. If the score of the right class grows, the loss falls, "
            "so its gradient is negative. See which of the two matrices is subtracted from the other in the equation.",
        ),
        author.misconception(
            "scores less labels",
            old="softmax_cols(F)",
            new="F",
            step="probabilities",
            feedback="Your columns do not sum to zero: the labels are subtracted from something that does not sum to 1, the "
            "scores themselves. What is compared with the labels are probabilities, and a given function makes them "
            "from scores.",
        ),
        author.misconception(
            "labels not subtracted",
            old="(P - Y)",
            new="P",
            step="probabilities less labels",
            feedback="All entries of your gradient are positive, as if every score should fall: the labels play no part in "
            "it. The right class's score should rise, which is why something is subtracted in its row.",
        ),
        author.misconception(
            "only the labels divided by the number of examples",
            old="(P - Y)",
            new="P - Y",
            step="mean over the examples",
            feedback="The columns of your gradient do not sum to zero: probabilities are left whole, and only the labels "
            "are divided by the number of examples. Division binds more strongly than subtraction; the fraction in the "
            "equation is in front of brackets.",
        ),
        author.misconception(
            "only the probabilities divided by the number of examples",
            old="(P - Y) / F.shape[1]",
            new="P / F.shape[1] - Y",
            step="mean over the examples",
            feedback="The columns of your gradient do not sum to zero: probabilities are divided by the number of examples "
            "and labels are not. The fraction in the equation stands in front of brackets, so it belongs to both.",
        ),
        author.misconception(
            "softmax over the examples",
            old="softmax_cols(F)",
            new="softmax_cols(F.T).T",
            step="probabilities",
            feedback="Your softmax runs along the rows, so that the examples compete with each other for a class. It is the "
            "classes that compete, in each column: each example has probabilities that sum to 1.",
        ),
        author.misconception(
            "softmax over the whole matrix",
            old="softmax_cols(F)",
            new="(np.exp(F - np.max(F)) / np.sum(np.exp(F - np.max(F))))",
            step="probabilities",
            feedback="All your probabilities together sum to 1. Each example, each column, should have probabilities that "
            "sum to 1 on their own. The function that is given does that.",
        ),
        author.misconception(
            "gradient with respect to the probabilities",
            old="(P - Y)",
            new="(-Y / P)",
            step="probabilities less labels",
            feedback="Only the rows of the right classes have something in them: this is how the loss changes with the "
            "probabilities. But a score changes all probabilities of its column, since they sum to 1. You are one step "
            "short, the one through the softmax.",
        ),
        author.misconception(
            "gradient of the squared error with respect to the probabilities",
            old="(P - Y)",
            new="2 * (P - Y)",
            step="probabilities less labels",
            feedback="Your gradient is twice as large as it should be. A factor of 2 comes from the derivative of a square, "
            "but this loss is a logarithm, and what is left of it and of the softmax has no 2.",
        ),
        author.misconception(
            "multiplied by the slope of a sigmoid",
            old="(P - Y)",
            new="(P - Y) * P * (1 - P)",
            step="probabilities less labels",
            feedback="You multiply by the probability and by what it lacks to 1. That is the derivative of a sigmoid, which "
            "is wanted for a squared error. With the logarithm of this loss it cancels, and the difference alone remains.",
        ),
        author.misconception(
            "only the right class",
            old="(P - Y)",
            new="(P - Y) * Y",
            step="probabilities less labels",
            feedback="Your gradient is zero in all rows but that of the right class. The other scores matter too: if one "
            "of them grows, the right class loses probability. Their rows hold their probabilities.",
        ),
        author.misconception(
            "1 subtracted from every probability",
            old="(P - Y)",
            new="(P - 1)",
            step="probabilities less labels",
            feedback="You subtract 1 in every row, so nothing in your gradient is positive. Only one class of each example "
            "is right, and only there should the probability be 1; elsewhere it should be 0.",
        ),
        author.misconception(
            "guesses instead of probabilities",
            old="softmax_cols(F)",
            new="(F == np.max(F, axis=0))",
            step="probabilities",
            feedback="Your gradient consists of few different numbers, and is zero for examples whose largest score is the "
            "right one: you compare guesses with the labels. Compare probabilities, which say how sure the network is.",
        ),
        author.misconception(
            "sigmoids instead of the softmax",
            old="softmax_cols(F)",
            new="(1 / (1 + np.exp(-F)))",
            step="probabilities",
            feedback="The columns of your gradient do not sum to zero: each score has been made a probability on its own, by a "
            "sigmoid. That is for classes that do not exclude each other. Here an example has exactly one, so its "
            "probabilities share a sum of 1.",
        ),
        author.misconception(
            "exponentials that are no probabilities",
            old="softmax_cols(F)",
            new="np.exp(F)",
            step="probabilities",
            feedback="The columns of your gradient do not sum to zero: you have exponentials of the scores, and have not "
            "divided them by their sum over the classes. The given function does both.",
        ),
        author.misconception(
            "terms of the loss instead of its gradient",
            old="(P - Y)",
            new="(-Y * np.log(P))",
            step="probabilities less labels",
            feedback="What you return are the terms of the loss itself, before they are summed. The gradient says how the "
            "loss changes with each score: see the equation of section 2, which has no logarithm.",
        ),
    ],
)

# %%
author.question(
    "weights_gradient",
    sizes=lambda G, Z: [
        {"K": G.shape[0], "M": Z.shape[0], "N": G.shape[1]},
        {"M": G.shape[0], "D": Z.shape[0], "N": G.shape[1]},
    ],
    steps=[
        author.step("each output with each input", 1),
        author.step("sum over the examples", 0.75),
        author.arguments_only(0.25),
    ],
    equation="G is (outputs, N) and Z is (inputs, N); the gradient has the shape of the weights, (outputs, inputs), so that "
    "the product runs over the examples.",
    hints=[
        "Write the shapes of both matrices under the equation, and the shape of the weights under the result. Which of the "
        "three sizes is gone from the result?",
        """
        In the equation of section 3 the sum runs over the examples, and these are the columns of both matrices. A product
        of matrices sums over the columns of the left one and the rows of the right one, so one of the two is turned. The
        result has a row for each output. Nothing is divided.
        """,
        """
        Two outputs, three inputs, two examples:

            G       2  -1
                    0   3
            Z       1   4
                    5   0
                    2   1
            result -2  10  3
                   12   0  3

        The first number is 2 times 1, from the first example, and -1 times 4, from the second: 2 - 4 = -2.
        """,
    ],
    cases=[
        author.case(
            "the notebook's output layer",
            hidden=False,
            args=(
                scores_gradient(forward(X, omega_1, beta_1, omega_2, beta_2), Y),
                relu(omega_1 @ X + beta_1),
            ),
        ),
        author.case(
            "5 outputs, 3 inputs",
            hidden=True,
            args=lambda rng: (rng.normal(size=(5, 6)), rng.normal(size=(3, 6))),
        ),
        author.case(
            "2 outputs, 7 inputs",
            hidden=True,
            args=lambda rng: (rng.normal(size=(2, 4)), rng.normal(size=(7, 4))),
        ),
        author.case(
            "one example", hidden=True, args=lambda rng: (rng.normal(size=(3, 1)), rng.normal(size=(4, 1)))
        ),
    ],
    properties=[
        author.property(
            "agrees with central differences of a layer",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 5)), rng.normal(size=(4, 5))),
            holds=lambda weights_gradient, G, Z: agrees(
                weights_gradient(G, Z), lambda omega: np.sum(G * (omega @ Z)), np.ones((3, 4))
            ),
            feedback="Central differences of a layer's outputs with respect to its weights find another gradient.",
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: (rng.normal(size=(240, 30)), rng.normal(size=(240, 30))),
            holds=lambda weights_gradient, G, Z: same(weights_gradient(G, Z), G @ Z.T),
            feedback="With large matrices, your function finds another gradient.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "gradient of the weights transposed",
            old="G @ Z.T",
            new="Z @ G.T",
            step="each output with each input",
            feedback="Your gradient is turned: it has a row for each input and a column for each output, and the weights "
            "have it the other way around. Which of the two matrices stands on the left in the equation?",
        ),
        author.misconception(
            "gradient of the weights divided by the number of examples",
            old="G @ Z.T",
            new="G @ Z.T / G.shape[1]",
            step="sum over the examples",
            feedback="Your gradient is too small by a factor of the number of examples. The mean is taken once, where the "
            "loss begins, in section 2; the gradient that you are given has it in it. Here the examples are just summed.",
        ),
        author.misconception(
            "inputs not transposed",
            old="Z.T",
            new="Z",
            step="each output with each input",
            feedback="The product does not fit: both matrices have a column for each example. It is the examples that are "
            "summed over, so one of the two has to be turned; see which one in the equation.",
        ),
        author.misconception(
            "gradient of the outputs transposed",
            old="G @ Z.T",
            new="G.T @ Z",
            step="each output with each input",
            feedback="The product does not fit, since the wrong one of the two matrices is turned. The result has a row for "
            "each output and a column for each input, and the examples are what is summed over.",
        ),
        author.misconception(
            "gradient of the weights with the wrong sign",
            old="G @",
            new="-G @",
            step="each output with each input",
            feedback="Your gradient has the wrong sign everywhere. The gradient points to where the loss *grows*; the minus "
            "that makes it smaller comes in the last section, with the learning rate.",
        ),
        author.misconception(
            "summed before multiplied",
            old="G @ Z.T",
            new="np.outer(np.sum(G, axis=1), np.sum(Z, axis=1))",
            step="sum over the examples",
            feedback="You sum over the examples first and multiply then, so that the gradient of each example meets the "
            "inputs of all others. Each example's gradient belongs to its own inputs: products first, then their sum.",
        ),
        author.misconception(
            "summed gradient, mean inputs",
            old="G @ Z.T",
            new="np.outer(np.sum(G, axis=1), np.mean(Z, axis=1))",
            step="sum over the examples",
            feedback="You multiply the summed gradients by the inputs of an average example. Each example's gradient "
            "belongs to its own inputs: products first, then their sum.",
        ),
        author.misconception(
            "only the last example",
            old="G @ Z.T",
            new="G[:, -1:] @ Z[:, -1:].T",
            step="sum over the examples",
            feedback="Your gradient is that of the last example alone. In a loop over the examples, each round should add "
            "to what is there already; look at the sign with which you assign.",
        ),
        author.misconception(
            "only the first example",
            old="G @ Z.T",
            new="G[:, :1] @ Z[:, :1].T",
            step="sum over the examples",
            feedback="Your gradient is that of the first example alone. A loop over the examples ends after its first round "
            "if `return` is inside of it: look at how far that line is indented.",
        ),
        *(
            author.misconception(
                f"{which} example left out",
                old="G @ Z.T",
                new=f"G[:, {kept}] @ Z[:, {kept}].T",
                step="sum over the examples",
                feedback=f"Your sums lack the {which} example. Look at where your loop over the columns begins and ends, or at the "
                "slice that you take of them: the columns are numbered from 0, and all of them count.",
            )
            for which, kept in (("last", ":-1"), ("first", "1:"))
        ),
        author.misconception(
            "examples not summed",
            function=lambda G, Z: G.T[:, :, None] * Z.T[:, None, :],
            step="sum over the examples",
            feedback="Your result has three axes: a matrix for each example. These are the right products, but there is one "
            "matrix of weights, which all examples share, and so its gradient is a sum over all of them.",
        ),
        author.misconception(
            "examples not summed, as the last axis",
            function=lambda G, Z: G[:, None, :] * Z[None, :, :],
            step="sum over the examples",
            feedback="Your result has three axes, and the last one counts examples. These are the right products, but all "
            "examples share the weights, and so the gradient is a sum over that axis.",
        ),
        author.misconception(
            "only whether an input is positive",
            old="Z.T",
            new="(Z > 0).T",
            step="each output with each input",
            feedback="Your inputs have become zeros and ones: that is the derivative of ReLU, which comes in section 5. For "
            "a weight it matters how large the input is that it is multiplied by.",
        ),
        author.misconception(
            "gradient of the weights divided by the number of inputs",
            old="G @ Z.T",
            new="G @ Z.T / Z.shape[0]",
            step="sum over the examples",
            feedback="Your gradient is too small by a factor of the number of inputs. Nothing is to be divided here: the "
            "mean of the loss is in the gradient already that you are given.",
        ),
        author.misconception(
            "gradient of the weights doubled",
            old="G @",
            new="2 * G @",
            step="each output with each input",
            feedback="Your gradient is twice as large as it should be. A 2 would come from the derivative of a square, but "
            "a layer is a product, and the derivative of a product with respect to one factor is the other factor.",
        ),
    ],
)

# %%
author.question(
    "bias_gradient",
    sizes=lambda G: [{"K": G.shape[0], "N": G.shape[1]}, {"M": G.shape[0], "N": G.shape[1]}],
    steps=[
        author.step("sum over the examples", 0.75),
        author.step("a column", 0.5),
        author.arguments_only(0.25),
    ],
    equation="G is (outputs, N), and the gradient has the shape of the biases: (outputs, 1).",
    hints=[
        "How many biases does a layer have, and how many examples use each of them? Then think of the shape: what should be "
        "subtracted from a column?",
        """
        The equation of section 4 has one sum, over the examples, and these are columns. So each row is summed on its own.
        NumPy drops the axis that it sums over, unless it is told to keep it; look up the arguments of `np.sum`.
        """,
        """
        Two outputs, three examples:

            G       2  -1   4
                    0   3  -1
            result  5
                    2

        The result has two rows and one column, shape `(2, 1)`. It is no mean: that would be 1.67 and 0.67.
        """,
    ],
    cases=[
        author.case(
            "the notebook's output layer",
            hidden=False,
            args=(scores_gradient(forward(X, omega_1, beta_1, omega_2, beta_2), Y),),
        ),
        author.case("5 outputs", hidden=True, args=lambda rng: (rng.normal(size=(5, 6)),)),
        author.case("2 outputs, 7 examples", hidden=True, args=lambda rng: (rng.normal(size=(2, 7)),)),
        author.case("one example", hidden=True, args=lambda rng: (rng.normal(size=(3, 1)),)),
    ],
    properties=[
        author.property(
            "agrees with central differences of the outputs",
            hidden=True,
            args=lambda rng: (rng.normal(size=(4, 5)),),
            holds=lambda bias_gradient, G: agrees(
                bias_gradient(G), lambda beta: np.sum(G * (beta + np.zeros(G.shape))), np.zeros((4, 1))
            ),
            feedback="Central differences of a layer's outputs with respect to its biases find another gradient.",
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: (rng.normal(size=(30_000, 3)),),
            holds=lambda bias_gradient, G: same(bias_gradient(G), G.sum(axis=1, keepdims=True)),
            feedback="With large matrices, your function finds another gradient.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "biases: not summed",
            old="np.sum(G, axis=1, keepdims=True)",
            new="G",
            step="sum over the examples",
            feedback="You return the gradient of the outputs as it is, with a column for each example. All examples share "
            "one column of biases, and so their columns have to be put together. How is that done in the equation?",
        ),
        author.misconception(
            "biases: mean instead of sum",
            old="np.sum",
            new="np.mean",
            step="sum over the examples",
            feedback="Your gradient is too small by a factor of the number of examples: you take the mean. That was done "
            "once, in section 2, and what you are given has it in it. Here the examples are just summed.",
        ),
        author.misconception(
            "biases: summed over the outputs",
            old="axis=1",
            new="axis=0",
            step=["sum over the examples", "a column"],
            feedback="Your result has a number for each example: you have summed down the columns, over the outputs. There "
            "is one bias for each output, so sum along the other axis.",
        ),
        author.misconception(
            "biases: summed over everything",
            old="axis=1, keepdims=True",
            new="axis=None",
            step=["sum over the examples", "a column"],
            feedback="You return a single number: everything is summed. Each output has a bias of its own, so only the "
            "examples are summed over. Which axis is that, if examples are columns?",
        ),
        author.misconception(
            "biases: no column",
            old=", keepdims=True",
            new="",
            step="a column",
            feedback="Your result has the shape `(K,)`, and biases are columns, `(K, 1)`. NumPy takes the one for a row, and "
            "a column less a row is a whole matrix: your biases would be none after the first step. The axis that is "
            "summed over should be kept.",
        ),
        author.misconception(
            "biases: a row",
            function=lambda G: bias_gradient(G).T,
            step="a column",
            feedback="Your result is a row, of shape `(1, K)`. Biases are columns, `(K, 1)`, and a gradient has the shape "
            "of what it belongs to. Look for a transpose or a `reshape` that is turned around.",
        ),
        author.misconception(
            "biases: wrong sign",
            old="np.sum(G",
            new="-np.sum(G",
            step="sum over the examples",
            feedback="Your gradient has the wrong sign everywhere. It points to where the loss *grows*; the minus that makes "
            "it smaller comes in the last section, with the learning rate.",
        ),
        author.misconception(
            "biases: only the last example",
            old="np.sum(G, axis=1, keepdims=True)",
            new="G[:, -1:]",
            step="sum over the examples",
            feedback="Your gradient is that of the last example alone. In a loop over the examples, each round should add "
            "to what is there already; look at the sign with which you assign.",
        ),
        author.misconception(
            "biases: only the first example",
            old="np.sum(G, axis=1, keepdims=True)",
            new="G[:, :1]",
            step="sum over the examples",
            feedback="Your gradient is that of the first example alone. A loop over the examples ends after its first round "
            "if `return` is inside of it; or an index stays at 0.",
        ),
        *(
            author.misconception(
                f"biases: {which} example left out",
                old="np.sum(G, axis=1, keepdims=True)",
                new=f"np.sum(G[:, {kept}], axis=1, keepdims=True)",
                step="sum over the examples",
                feedback=f"Your sums lack the {which} example. Look at where your loop over the columns begins and ends, or at the "
                "slice that you take of them: the columns are numbered from 0, and all of them count.",
            )
            for which, kept in (("last", ":-1"), ("first", "1:"))
        ),
        author.misconception(
            "biases: ones",
            old="np.sum(G, axis=1, keepdims=True)",
            new="np.ones((len(G), 1))",
            step="sum over the examples",
            feedback="You return ones: that is how an output changes with its own bias. The loss changes with the output too, "
            "and by how much is what the function is given. The chain rule multiplies the two, and sums.",
        ),
        author.misconception(
            "biases: sum repeated for each example",
            function=lambda G: np.repeat(bias_gradient(G), G.shape[1], axis=1),
            step="a column",
            feedback="Your sums are there once for each example, side by side. There is one column of biases that all "
            "examples share, and so one column of gradients.",
        ),
        author.misconception(
            "biases: absolute values summed",
            old="np.sum(G,",
            new="np.sum(np.abs(G),",
            step="sum over the examples",
            feedback="You sum absolute values. If one example wants a bias to grow and another wants it to shrink, the two "
            "cancel: signs have to stay as they are.",
        ),
        author.misconception(
            "biases: largest instead of sum",
            old="np.sum",
            new="np.max",
            step="sum over the examples",
            feedback="You take the largest entry of each row. All examples have a say in the gradient of a bias, not only "
            "one of them: look at the sign in front of the entries in the equation.",
        ),
    ],
)

# %%
author.question(
    "hidden_gradient",
    sizes=lambda d_F, omega_2, A: {"M": A.shape[0], "K": d_F.shape[0], "N": A.shape[1]},
    steps=[
        author.step("back through the weights", 1.25),
        author.step("back through ReLU", 1.25),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The gradient of the scores is (K, N) and the weights are (K, M): turned, they are (M, K), and the product is "
    "(M, N), like the pre-activations.",
    hints=[
        "Two things happen between hidden units and scores: ReLU, and then a product with weights. On the way back they "
        "come in the opposite order. What does each of them do to a gradient?",
        """
        The first equation of section 5 is a product of matrices, with the weights turned, since it leads from the scores
        to the hidden units. The second one works entry by entry: its last factor is made of *pre-activations*, not of
        gradients, and has only zeros and ones. A comparison of a matrix with a number gives one like that.
        """,
        """
        Two scores, three hidden units, two examples:

            gradient of the scores  0.5   0.1
                                   -0.5   0.3
            weights                 1     2    0
                                    3    -1    4
            product                -1     1
                                    1.5  -0.1
                                   -2     1.2
            pre-activations         2    -1
                                   -3     0.5
                                    1     4
            result                 -1     0
                                    0    -0.1
                                   -2     1.2

        The first number of the product is 1 times 0.5 and 3 times -0.5, from the first column of the weights.
        """,
    ],
    cases=[
        author.case(
            "the notebook's network",
            hidden=False,
            args=(
                scores_gradient(forward(X, omega_1, beta_1, omega_2, beta_2), Y),
                omega_2,
                omega_1 @ X + beta_1,
            ),
        ),
        author.case("another network", hidden=True, args=lambda rng: hidden_arguments(rng, M, K, N)),
        author.case(
            "4 hidden units, 7 examples", hidden=True, args=lambda rng: hidden_arguments(rng, 4, 2, 7)
        ),
        author.case("one example", hidden=True, args=lambda rng: hidden_arguments(rng, 6, 3, 1)),
    ],
    properties=[
        author.property(
            "agrees with central differences of the scores",
            hidden=True,
            args=lambda rng: hidden_arguments(rng, 5, 3, 4),
            holds=lambda hidden_gradient, d_F, omega_2, A: agrees(
                hidden_gradient(d_F, omega_2, A), lambda A: np.sum(d_F * (omega_2 @ relu(A))), A
            ),
            feedback="Central differences of the scores with respect to the pre-activations find another gradient.",
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: hidden_arguments(rng, 200, 3, 200),
            holds=lambda hidden_gradient, d_F, omega_2, A: same(
                hidden_gradient(d_F, omega_2, A), (omega_2.T @ d_F) * (A > 0)
            ),
            feedback="With large matrices, your function finds another gradient.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "A > 0 -> A >= 0",
            reason="at exactly 0, ReLU has no derivative: section 5 says that either is right",
        ),
    ],
    misconceptions=[
        author.misconception(
            "derivative of ReLU forgotten",
            old=" * (A > 0)",
            new="",
            step="back through ReLU",
            feedback="Your gradient has no zeros where the pre-activations are negative: it is that of the activations. A "
            "unit that ReLU has silenced changes nothing, so no gradient may pass through it. The second equation of "
            "section 5 is missing.",
        ),
        author.misconception(
            "ReLU of the gradient",
            old="d_H * (A > 0)",
            new="relu(d_H)",
            step="back through ReLU",
            feedback="No entry of your gradient is negative: you apply ReLU to the gradient itself. Whether it passes is "
            "decided by the sign of the *pre-activation*, and what passes may have either sign.",
        ),
        author.misconception(
            "multiplied by the activations",
            old="(A > 0)",
            new="relu(A)",
            step="back through ReLU",
            feedback="The zeros of your gradient are at the right places, but the rest is multiplied by the activations. "
            "The chain rule wants the *derivative* of ReLU there, which is 1 for all positive numbers.",
        ),
        author.misconception(
            "multiplied by the pre-activations",
            old="(A > 0)",
            new="A",
            step="back through ReLU",
            feedback="You multiply the gradient by the pre-activations themselves. The chain rule wants the *derivative* of "
            "ReLU at these, and that is either 0 or 1.",
        ),
        author.misconception(
            "derivative of ReLU the wrong way around",
            old="A > 0",
            new="A < 0",
            step="back through ReLU",
            feedback="Your gradient passes where the pre-activation is negative, and is zero where it is positive: the wrong "
            "way around. ReLU hands on what is positive, and that is where the gradient comes back.",
        ),
        author.misconception(
            "masked by the gradient",
            old="A > 0",
            new="d_H < 0",
            step="back through ReLU",
            feedback="No entry of your gradient is positive: whether it passes is decided by its own sign. What decides is "
            "the sign of the *pre-activation*, on the way forward, and what passes may have either sign.",
        ),
        author.misconception(
            "weights not turned on the way back",
            old="omega_2.T",
            new="omega_2",
            step="back through the weights",
            feedback="The product does not fit: forward the weights lead from M hidden units to K scores, and back from K to "
            "M. The matrix for the way back has rows and columns exchanged.",
        ),
        author.misconception(
            "both factors turned and swapped",
            edits=[("omega_2.T @ d_F", "d_F.T @ omega_2")],
            step="back through the weights",
            feedback="You have one row for each example, as in books that write examples as rows. Here they are columns, so "
            "the weights stand on the left, and the product has the shape of the pre-activations.",
        ),
        author.misconception(
            "mask of signs",
            old="(A > 0)",
            new="np.sign(A)",
            step="back through ReLU",
            feedback="Where pre-activations are negative, your gradient has the opposite sign, when it should be zero. The "
            "sign function knows -1 and 1; the derivative of ReLU is 0 and 1.",
        ),
        author.misconception(
            "derivative of tanh, from pre-activations",
            old="(A > 0)",
            new="(1 - A**2)",
            step="back through ReLU",
            feedback="You multiply by 1 less a square. That belongs to the hyperbolic tangent, as a function of its result. "
            "The network here has ReLU, whose derivative is only ever 0 or 1.",
        ),
        author.misconception(
            "derivative of tanh",
            old="(A > 0)",
            new="(1 - np.tanh(A) ** 2)",
            step="back through ReLU",
            feedback="You multiply by the derivative of the hyperbolic tangent. The network here has ReLU, whose derivative "
            "is only ever 0 or 1.",
        ),
        author.misconception(
            "derivative of a sigmoid",
            old="(A > 0)",
            new="(np.exp(-A) / (1 + np.exp(-A)) ** 2)",
            step="back through ReLU",
            feedback="You multiply by the derivative of a sigmoid, which is a quarter at most. The network here has ReLU, "
            "whose derivative is only ever 0 or 1.",
        ),
        author.misconception(
            "derivative of a sigmoid, from pre-activations",
            old="(A > 0)",
            new="(A * (1 - A))",
            step="back through ReLU",
            feedback="You multiply by a number times what it lacks to 1. That belongs to a sigmoid, as a function of its result. "
            "The network here has ReLU, whose derivative is only ever 0 or 1.",
        ),
        author.misconception(
            "derivative of ReLU alone",
            old="d_H * (A > 0)",
            new="1.0 * (A > 0)",
            step="back through the weights",
            feedback="You return ones and zeros: the derivative of ReLU. The gradient that comes back from the scores has to "
            "be multiplied by it, entry by entry.",
        ),
        author.misconception(
            "derivative of a leaky ReLU",
            old="(A > 0)",
            new="np.where(A > 0, 1, 0.01)",
            step="back through ReLU",
            feedback="You let a hundredth of the gradient pass where pre-activations are negative. That belongs to a leaky "
            "ReLU; the one that is given is flat there.",
        ),
        author.misconception(
            "masked twice",
            old="d_H * (A > 0)",
            new="relu(d_H) * (A > 0)",
            step="back through ReLU",
            feedback="The zeros for negative pre-activations are there, but negative gradients have become zero too. Only the "
            "sign of the pre-activation decides; what passes may have either sign.",
        ),
        author.misconception(
            "negative gradient of the hidden layer",
            old="omega_2.T @",
            new="-omega_2.T @",
            step="back through the weights",
            feedback="Your gradient has the wrong sign everywhere. It points to where the loss *grows*; the minus that makes "
            "it smaller comes in the last section, with the learning rate.",
        ),
        author.misconception(
            "hidden gradient divided by the number of examples",
            old="omega_2.T @ d_F",
            new="omega_2.T @ d_F / d_F.shape[1]",
            step="back through the weights",
            feedback="Your gradient is too small by a factor of the number of examples. The mean was taken once, in section "
            "2, and is in what you are given.",
        ),
    ],
)

# %%
author.question(
    "backward",
    sizes=sizes_of,
    steps=[
        author.step("forward once more", 0.5),
        author.step("gradients of the output layer", 1.5),
        author.step("gradients of the hidden layer", 2),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Each gradient has the shape of its parameter: (M, D), (M, 1), (K, M) and (K, 1), in this order.",
    hints=[
        "All pieces are there. For each of your functions ask what it wants: the gradient of which layer's outputs, and the "
        "inputs of which layer? What of that have you computed already?",
        """
        The table of section 6 has a row for each layer. Begin with the output layer, since the gradient of the scores
        comes first; what the function of section 5 makes of it is the gradient that both parameters of the hidden layer
        need. Its inputs are the examples. If a gradient has not the shape of its parameter, look at what went in.
        """,
        """
        One example of two numbers, two hidden units, two classes, of which the first is right:

            example           1
                              2
            first weights     1  -1
                              2   1
            first biases    0.5
                             -3
            A              -0.5
                              1
            H                 0
                              1
            last weights      1   2
                              0   1
            last biases       0
                              1
            scores            2
                              2
            of the scores  -0.5
                            0.5
            of last weights   0  -0.5
                              0   0.5
            of last biases -0.5
                            0.5
            of H           -0.5
                           -0.5
            of A              0
                           -0.5
            of first weights  0   0
                           -0.5  -1
            of first biases   0
                           -0.5
        """,
    ],
    cases=[
        author.case("the notebook's network", hidden=False, args=(X, Y, omega_1, beta_1, omega_2, beta_2)),
        author.case("another network", hidden=True, args=lambda rng: network(rng, D, M, K, N)),
        author.case("two classes, 9 examples", hidden=True, args=lambda rng: network(rng, 6, 4, 2, 9)),
        author.case("one example", hidden=True, args=lambda rng: network(rng, 2, 7, 3, 1)),
    ],
    properties=[
        author.property(
            "agrees with central differences of the loss",
            hidden=True,
            args=lambda rng: network(rng, 3, 4, 3, 5),
            holds=lambda backward, *arguments: all(
                agrees(
                    gradient,
                    functools.partial(with_parameter, loss_of, arguments, number),
                    arguments[2 + number],
                )
                for number, gradient in enumerate(backward(*arguments))
            ),
            feedback="Central differences of the loss find other gradients: the last cell of section 6 shows which.",
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: network(rng, 170, 170, 3, 20),
            holds=lambda backward, *network: all(map(same, backward(*network), gradients_of(*network))),
            feedback="With large matrices, your function finds another gradient.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "hidden_gradient(d_F, omega_2, A) -> hidden_gradient(d_F, omega_2, H)",
            reason="an activation is positive where its pre-activation is, and nothing else is asked of it",
        ),
    ],
    misconceptions=[
        author.misconception(
            "pre-activations as inputs of the output layer",
            old="weights_gradient(d_F, H)",
            new="weights_gradient(d_F, A)",
            step="gradients of the output layer",
            feedback="The gradient of the output layer's weights is wrong: you take the pre-activations for its inputs. What "
            "goes into that layer on the way forward has been through ReLU. See the table of section 6.",
        ),
        author.misconception(
            "derivative of ReLU left out of backward",
            old="hidden_gradient(d_F, omega_2, A)",
            new="omega_2.T @ d_F",
            step="gradients of the hidden layer",
            feedback="Both gradients of the hidden layer are those of a network without ReLU: the gradient goes back through "
            "the weights, and on without a look at the pre-activations. Your function of section 5 does both.",
        ),
        author.misconception(
            "derivative of ReLU left out for the first biases",
            old="bias_gradient(d_A)",
            new="bias_gradient(omega_2.T @ d_F)",
            step="gradients of the hidden layer",
            feedback="The gradient of the first biases is made from what has not been through ReLU yet. These biases are "
            "added before ReLU, so they need the gradient of the pre-activations, as the first weights do.",
        ),
        author.misconception(
            "derivative of ReLU left out for the first weights",
            old="weights_gradient(d_A, X)",
            new="weights_gradient(omega_2.T @ d_F, X)",
            step="gradients of the hidden layer",
            feedback="The gradient of the first weights is made from what has not been through ReLU yet. The outputs of the "
            "hidden layer's product are the pre-activations; theirs is the gradient to take.",
        ),
        author.misconception(
            "activations instead of examples for the first weights",
            old="weights_gradient(d_A, X)",
            new="weights_gradient(d_A, H)",
            step="gradients of the hidden layer",
            feedback="The gradient of the first weights has not their shape: it is made from the activations. The inputs of "
            "the hidden layer are the examples themselves. See the table of section 6.",
        ),
        author.misconception(
            "gradient of the scores for the first biases",
            old="bias_gradient(d_A)",
            new="bias_gradient(d_F)",
            step="gradients of the hidden layer",
            feedback="The gradient of the first biases has as many rows as there are classes: it is that of the last biases "
            "once more. A line that is copied has to be changed in all places.",
        ),
        author.misconception(
            "output layer before hidden layer",
            old="[d_omega_1, d_beta_1, d_omega_2, d_beta_2]",
            new="[d_omega_2, d_beta_2, d_omega_1, d_beta_1]",
            step=["gradients of the output layer", "gradients of the hidden layer"],
            feedback="Your gradients are returned in the order in which they are found, the output layer first. The list "
            "should have the order of the function's parameters, with the hidden layer first.",
        ),
        author.misconception(
            "biases before weights",
            old="[d_omega_1, d_beta_1, d_omega_2, d_beta_2]",
            new="[d_beta_1, d_omega_1, d_beta_2, d_omega_2]",
            step=["gradients of the output layer", "gradients of the hidden layer"],
            feedback="In your list the gradients of the biases stand before those of the weights. The list should have the "
            "order of the function's parameters, in which each layer's weights come first.",
        ),
        author.misconception(
            "weights before biases of both layers",
            old="[d_omega_1, d_beta_1, d_omega_2, d_beta_2]",
            new="[d_omega_1, d_omega_2, d_beta_1, d_beta_2]",
            step=["gradients of the output layer", "gradients of the hidden layer"],
            feedback="In your list both weights stand before both biases. The list should have the order of the function's "
            "parameters, layer by layer.",
        ),
        author.misconception(
            "gradients of the sum of the losses",
            old="scores_gradient(F, Y)",
            new="(softmax_cols(F) - Y)",
            step="gradients of the output layer",
            feedback="All your gradients are too large by a factor of the number of examples: they start from the sum of the "
            "losses, not from their mean. Your function of section 2 takes care of that.",
        ),
        author.misconception(
            "gradients divided by the number of examples twice",
            old="scores_gradient(F, Y)",
            new="scores_gradient(F, Y) / X.shape[1]",
            step="gradients of the output layer",
            feedback="All your gradients are too small by a factor of the number of examples. The mean is in the gradient of "
            "the scores already, so nothing is to be divided after it.",
        ),
        author.misconception(
            "all gradients with the wrong sign",
            old="scores_gradient(F, Y)",
            new="-scores_gradient(F, Y)",
            step="gradients of the output layer",
            feedback="All your gradients have the wrong sign. They point to where the loss *grows*; the minus that makes it "
            "smaller comes in the next section, with the learning rate.",
        ),
        author.misconception(
            "scores instead of their gradient",
            old="scores_gradient(F, Y)",
            new="F",
            step="gradients of the output layer",
            feedback="Where the gradient of the scores should be, you have the scores themselves. On the way back nothing is "
            "handed on but gradients, and the first comes from scores and labels: see section 2.",
        ),
        author.misconception(
            "scores and labels exchanged",
            old="scores_gradient(F, Y)",
            new="scores_gradient(Y, F)",
            step="gradients of the output layer",
            feedback="Scores and labels have changed places in a call: the softmax is taken of the labels, and the scores are "
            "subtracted. Both have the same shape, so nothing stops you. Compare your call with the first line of the function "
            "in section 2.",
        ),
        author.misconception(
            "softmax twice",
            old="scores_gradient(F, Y)",
            new="scores_gradient(softmax_cols(F), Y)",
            step="gradients of the output layer",
            feedback="You hand probabilities to a function that takes scores and makes probabilities of them, so the softmax "
            "is taken twice. All gradients become too small by that. Your function of section 2 wants the scores.",
        ),
        author.misconception(
            "ReLU forgotten on the way forward",
            old="relu(A)",
            new="A",
            step="forward once more",
            feedback="On the way forward ReLU is left out, so scores and gradients are those of another network. The "
            "activations are needed twice: for the scores, and as the inputs of the output layer.",
        ),
        author.misconception(
            "scores of pre-activations",
            old="omega_2 @ H",
            new="omega_2 @ A",
            step="forward once more",
            feedback="The scores are made of the pre-activations, as if there were no ReLU in between, so all gradients start "
            "from those of another network. What goes into the output layer are the activations: see the third equation of "
            "section 1.",
        ),
        author.misconception(
            "first bias forgotten on the way forward",
            old=" + beta_1",
            new="",
            step="forward once more",
            feedback="On the way forward the bias of the hidden layer is left out, so other units are switched on, and the "
            "gradients are those of another network. Compute it as in section 1.",
        ),
        author.misconception(
            "last bias forgotten on the way forward",
            old=" + beta_2",
            new="",
            step="forward once more",
            feedback="On the way forward the bias of the output layer is left out, so the probabilities are those of another "
            "network, and so are all gradients. Compute the scores as in section 1.",
        ),
        author.misconception(
            "masked by the gradient of the activations",
            function=lambda X, Y, omega_1, beta_1, omega_2, beta_2: masked_by_gradient(
                X, Y, omega_1, beta_1, omega_2, beta_2
            ),
            step="gradients of the hidden layer",
            feedback="In the hidden layer, gradients that are negative have become zero, as if ReLU were applied to them. "
            "Whether a gradient passes is decided by the pre-activations: your function of section 5 knows how.",
        ),
        author.misconception(
            "gradients of biases are no columns",
            function=lambda *arguments: [
                np.ravel(gradient) if gradient.shape[1] == 1 else gradient
                for gradient in backward(*arguments)
            ],
            step=["gradients of the output layer", "gradients of the hidden layer"],
            feedback="Your gradients of the biases are vectors of one axis, and biases are columns. NumPy takes such a vector "
            "for a row, and a column less a row is a whole matrix. Your function of section 4 returns columns.",
        ),
        author.misconception(
            "all gradients doubled",
            old="scores_gradient(F, Y)",
            new="2 * scores_gradient(F, Y)",
            step="gradients of the output layer",
            feedback="All your gradients are twice as large as they should be. A 2 would come from the derivative of a square, "
            "and this loss has none: look at what you do to the gradient of the scores.",
        ),
        author.misconception(
            "gradients of weights and biases transposed",
            function=lambda *arguments: [gradient.T for gradient in backward(*arguments)],
            step=["gradients of the output layer", "gradients of the hidden layer"],
            feedback="All your gradients are turned. Each should have the shape of its parameter, or the two cannot be "
            "subtracted from each other in the next section.",
        ),
    ],
)

# %%
author.question(
    "gradient_step",
    sizes=lambda *arguments: sizes_of(*arguments[:-1]),
    steps=[
        author.step("gradients at the old parameters", 0.75),
        author.step("step downhill", 1.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.5),
    ],
    equation="The new parameters have the shapes of the old: (M, D), (M, 1), (K, M) and (K, 1), in this order.",
    hints=[
        "The gradient points uphill. Where do you want to go, and how long is the step? And when are the gradients computed: "
        "before the first parameter is changed, or in between?",
        """
        The equations of section 7 are the same for all four parameters: the old one, less a product of two factors. So
        call your function of section 6 once, with the old parameters, and go through its list and that of the parameters
        together. `zip` gives you pairs. Put what is new into a list of its own.
        """,
        """
        The output layer of a small network, at a learning rate of 0.2:

            weights       1     2
                          0     1
            gradient      0    -0.5
                          0     0.5
            step          0    -0.1
                          0     0.1
            new weights   1     2.1
                          0     0.9
            biases        0
                          1
            its gradient -0.5
                          0.5
            new biases    0.1
                          0.9

        Where the gradient is negative, the parameter grows. The hidden layer is treated in the same way.
        """,
    ],
    cases=[
        author.case(
            "the notebook's network", hidden=False, args=(X, Y, omega_1, beta_1, omega_2, beta_2, 0.1)
        ),
        author.case("another network", hidden=True, args=lambda rng: (*network(rng, D, M, K, N), 0.3)),
        author.case(
            "two classes, 9 examples", hidden=True, args=lambda rng: (*network(rng, 6, 4, 2, 9), 0.02)
        ),
        author.case("one example", hidden=True, args=lambda rng: (*network(rng, 2, 7, 3, 1), 0.5)),
    ],
    properties=[
        author.property(
            "a small step makes the loss smaller",
            hidden=True,
            args=lambda rng: (*network(rng, 4, 5, 3, 8), 0.01),
            holds=lambda gradient_step, X, Y, *rest: (
                loss_of(X, Y, *gradient_step(X, Y, *rest)) < loss_of(X, Y, *rest[:-1])
            ),
            feedback="After a small step with your function, the loss of a network is not smaller than before.",
            steps=["step downhill"],
        ),
        author.property(
            QUICK,
            hidden=True,
            args=lambda rng: (*network(rng, 170, 170, 3, 20), 0.1),
            holds=lambda gradient_step, X, Y, *rest: all(
                same(new, old - 0.1 * gradient)
                for new, old, gradient in zip(
                    gradient_step(X, Y, *rest), rest[:-1], gradients_of(X, Y, *rest[:-1]), strict=True
                )
            ),
            feedback="With large matrices, your function finds another gradient.",
            steps=["gradients at the old parameters"],
        ),
    ],
    misconceptions=[
        author.misconception(
            "uphill",
            old="parameters[i] - learning_rate",
            new="parameters[i] + learning_rate",
            step="step downhill",
            feedback="Your step goes uphill: the gradient points to where the loss grows, and you follow it, so the loss grows "
            "from step to step. Look at the sign in the equation of section 7.",
        ),
        author.misconception(
            "learning rate forgotten",
            old="learning_rate * gradients[i]",
            new="gradients[i]",
            step="step downhill",
            feedback="Your step is as long as the gradient: the learning rate plays no part. It makes steps shorter, so that "
            "they do not jump over the valley. The equation of section 7 has one more factor.",
        ),
        author.misconception(
            "divided by the learning rate",
            old="learning_rate * gradients[i]",
            new="gradients[i] / learning_rate",
            step="step downhill",
            feedback="Your step is longer, the smaller the learning rate is: you divide by it. It is a factor of the "
            "gradient.",
        ),
        author.misconception(
            "gradients returned instead of parameters",
            old="parameters[i] - learning_rate * gradients[i]",
            new="gradients[i]",
            step="step downhill",
            feedback="You return the gradients as they are. They say in which direction the loss grows, and the new "
            "parameters are the old ones with a step taken: see the equation of section 7.",
        ),
        author.misconception(
            "changes returned instead of parameters",
            old="parameters[i] - learning_rate",
            new="-learning_rate",
            step="step downhill",
            feedback="You return by how much the parameters change, but not the new parameters themselves. The step begins at "
            "the old ones.",
        ),
        author.misconception(
            "uphill changes returned instead of parameters",
            old="parameters[i] - learning_rate",
            new="learning_rate",
            step="step downhill",
            feedback="You return the gradients times the learning rate. That has to be taken away from the old parameters: "
            "the step begins there.",
        ),
        author.misconception(
            "step divided by the number of examples",
            old="learning_rate * gradients[i]",
            new="learning_rate * gradients[i] / X.shape[1]",
            step="step downhill",
            feedback="Your step is too short by a factor of the number of examples. The loss is a mean, and that is in the "
            "gradients from the start: nothing is to be divided any more.",
        ),
        author.misconception(
            "step multiplied by the number of examples",
            old="learning_rate * gradients[i]",
            new="learning_rate * gradients[i] * X.shape[1]",
            step="step downhill",
            feedback="Your step is too long by a factor of the number of examples, as it would be for the sum of the losses. "
            "The loss is their mean, and so are its gradients.",
        ),
        author.misconception(
            "always the same learning rate",
            old="learning_rate * gradients[i]",
            new="0.1 * gradients[i]",
            step="step downhill",
            feedback="With another learning rate than that of this notebook your step has the wrong length: it is a fixed "
            "number in your code. Use the one that the function is given.",
        ),
        author.misconception(
            "only the weights updated",
            function=lambda *arguments: some_updated(gradient_step(*arguments), arguments, (0, 2)),
            step="step downhill",
            feedback="Your weights take a step and your biases do not. Biases are parameters too, with gradients of their "
            "own, and learn in the same way.",
        ),
        author.misconception(
            "only the output layer updated",
            function=lambda *arguments: some_updated(gradient_step(*arguments), arguments, (2, 3)),
            step="step downhill",
            feedback="Your output layer takes a step and your hidden layer does not. To know how the hidden layer should "
            "change is what all of the work with backpropagation was for.",
        ),
        author.misconception(
            "only the hidden layer updated",
            function=lambda *arguments: some_updated(gradient_step(*arguments), arguments, (0, 1)),
            step="step downhill",
            feedback="Your hidden layer takes a step and your output layer does not. All four parameters of the network "
            "learn, each with its own gradient.",
        ),
        author.misconception(
            "nothing updated",
            function=lambda *arguments: list(arguments[2:6]),
            step=["gradients at the old parameters", "step downhill"],
            feedback="The parameters that you return are the old ones. If you compute new ones in a loop, `p = p - ...` only "
            "gives the name `p` to something new, and the list stays as it is: collect the new parameters and return those.",
        ),
        author.misconception(
            "each gradient after the steps before it",
            function=lambda X, Y, *rest: one_after_the_other(X, Y, rest, [[0], [1], [2], [3]]),
            step="gradients at the old parameters",
            feedback="Only the first of your parameters is right: the others' gradients are computed when some parameters "
            "have already been changed. All four gradients belong to the place where the step begins, so compute them "
            "before you change anything.",
        ),
        author.misconception(
            "gradients of the hidden layer after a step of the output layer",
            function=lambda X, Y, *rest: one_after_the_other(X, Y, rest, [[2, 3], [0, 1]]),
            step="gradients at the old parameters",
            feedback="The output layer is right and the hidden layer is not: its gradients are computed when the output layer "
            "has already been changed. Compute all four gradients before you change anything.",
        ),
        author.misconception(
            "gradients of the output layer after a step of the hidden layer",
            function=lambda X, Y, *rest: one_after_the_other(X, Y, rest, [[0, 1], [2, 3]]),
            step="gradients at the old parameters",
            feedback="The hidden layer is right and the output layer is not: its gradients are computed when the hidden layer "
            "has already been changed. Compute all four gradients before you change anything.",
        ),
        author.misconception(
            "new weights on the way back",
            function=lambda *arguments: back_through_new_weights(*arguments),
            step="gradients at the old parameters",
            feedback="The output layer is right and the hidden layer is not: the gradient goes back through weights that have "
            "already been changed. The way back needs those of the way forward, so change the parameters at the very end.",
        ),
        author.misconception(
            "two steps instead of one",
            function=lambda X, Y, *rest: gradient_step(X, Y, *gradient_step(X, Y, *rest), rest[-1]),
            step="step downhill",
            feedback="You take two steps, one after the other. The function is called once for each step, so look for a line "
            "that updates the parameters twice, or for a loop.",
        ),
        author.misconception(
            "gradients brought to length 1",
            old="learning_rate * gradients[i]",
            new="learning_rate * gradients[i] / np.linalg.norm(gradients[i])",
            step="step downhill",
            feedback="Each of your steps has the same length, the learning rate: you divide gradients by their length. Near "
            "the bottom of the valley gradients are short, and so should be the steps.",
        ),
    ],
)
