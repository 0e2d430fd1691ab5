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
all_queries = all_keys = all_values = None


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
all_x_prime = [np.array([[0.94744244], [-0.24348429], [-0.91310441], [-0.44522983]]),
               np.array([[1.64201168], [-0.08470004], [4.02764044], [2.18690791]]),
               np.array([[1.61949281], [-0.06641533], [3.96863308], [2.15858316]])]
