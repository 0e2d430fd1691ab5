"""One module an output: each turns results into the bytes of a file."""
