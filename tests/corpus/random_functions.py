def random_functions(): pass
SIGNATURES={}
