# %%
# Prints escapes, HTML and control characters.
print("\x1b]0;title\x07\x1b[2J<script>alert(1)</script>\0\b\b\r" * 50)
from IPython.display import HTML, display
display(HTML("<img src=x onerror=alert(1)>"))
