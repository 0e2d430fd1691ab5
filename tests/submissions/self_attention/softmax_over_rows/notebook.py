# %%
import numpy as np

# Number of tokens, and number of dimensions of each
N = 3
D = 4

# The tokens: a list of N column vectors of shape (D, 1)
np.random.seed(3)
all_x = []
for n in range(N):
    all_x.append(np.random.normal(size=(D, 1)))

print(all_x)

np.random.seed(0)

# Weights of the queries, the keys and the values
omega_q = np.random.normal(size=(D, D))
omega_k = np.random.normal(size=(D, D))
omega_v = np.random.normal(size=(D, D))

# Biases of the queries, the keys and the values
beta_q = np.random.normal(size=(D, 1))
beta_k = np.random.normal(size=(D, 1))
beta_v = np.random.normal(size=(D, 1))


# %%
all_queries = []
all_keys = []
all_values = []
for x in all_x:
  query = beta_q + np.matmul(omega_q, x)
  key = beta_k + np.matmul(omega_k, x)
  value = beta_v + np.matmul(omega_v, x)
  all_queries.append(query)
  all_keys.append(key)
  all_values.append(value)


# %%
def softmax(items_in):
  # TODO Compute the elements of items_out
  e = [np.exp(item) for item in items_in]
  total = 0
  for each in e:
    total = total + each
  items_out = [each / total for each in e]
  return items_out ;


# %%
all_x_prime = []
for n in range(N):
  all_km_qn = []
  for key in all_keys:
    dot_product = np.dot(key.T, all_queries[n])
    all_km_qn.append(dot_product)
  attention = softmax(all_km_qn)
  print("Attentions for output ", n)
  print(attention)
  x_prime = np.zeros((D, 1))
  for m in range(N):
    x_prime = x_prime + attention[m] * all_values[m]
  all_x_prime.append(x_prime.T)


# %%
def softmax_cols(data_in):
  exp_values = np.exp(data_in) ;
  denom = np.sum(exp_values, axis = 0);
  denom = np.matmul(np.ones((data_in.shape[0],1)), denom[np.newaxis,:])
  return exp_values / denom

def self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
  Q = beta_q @ np.ones((1, N)) + omega_q @ X
  K = beta_k @ np.ones((1, N)) + omega_k @ X
  V = beta_v @ np.ones((1, N)) + omega_v @ X
  return V @ softmax_cols((K.T @ Q).T).T


# %%
def scaled_dot_product_self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
  Q = beta_q + omega_q @ X
  K = beta_k + omega_k @ X
  V = beta_v + omega_v @ X
  return V @ softmax_cols(K.T @ Q / np.sqrt(D))
