<<<<<<< HEAD
"""The rules: dockerfile/ and compose/ look at one file, crossing/ at several together; nginx/ and kubernetes/."""
=======
"""The rules, a folder for each kind of file."""
>>>>>>> dockerfile
