# %%
import numpy as np

# Number of tokens, and number of dimensions of each
N = 6
D = 8

# The tokens, one in each column
np.random.seed(3)
X = np.random.normal(size=(D, N))

np.set_printoptions(precision=3, suppress=True)
print(X)

# Number of heads, and number of dimensions of the queries, keys and values of each
H = 2
H_D = D // H

np.random.seed(0)

# Weights and biases of head 1
omega_q1 = np.random.normal(size=(H_D, D))
omega_k1 = np.random.normal(size=(H_D, D))
omega_v1 = np.random.normal(size=(H_D, D))
beta_q1 = np.random.normal(size=(H_D, 1))
beta_k1 = np.random.normal(size=(H_D, 1))
beta_v1 = np.random.normal(size=(H_D, 1))

# Weights and biases of head 2
omega_q2 = np.random.normal(size=(H_D, D))
omega_k2 = np.random.normal(size=(H_D, D))
omega_v2 = np.random.normal(size=(H_D, D))
beta_q2 = np.random.normal(size=(H_D, 1))
beta_k2 = np.random.normal(size=(H_D, 1))
beta_v2 = np.random.normal(size=(H_D, 1))

# Weights that combine the heads
omega_c = np.random.normal(size=(D, D))


# %%
def softmax_cols(data_in):
    exp_values = np.exp(data_in - np.max(data_in, axis=0))
    return exp_values / np.sum(exp_values, axis=0)


# %%
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass


# %%
def multihead_scaled_self_attention(X, omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1,
                                    omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2, omega_c):
    def head(omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
        Q = omega_q @ X + beta_q
        K = omega_k @ X + beta_k
        V = omega_v @ X + beta_v
        return V @ softmax_cols(K.T @ Q / np.sqrt(K.shape[0]))

    head_1 = head(omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1)
    head_2 = head(omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)
    return omega_c @ np.vstack((head_1, head_2))


# %%
X_prime = multihead_scaled_self_attention(
    X, omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1,
    omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2, omega_c)
print(X_prime)
