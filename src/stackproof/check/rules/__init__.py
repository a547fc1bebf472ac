"""The rules: dockerfile/ and compose/ look at one file, crossing/ at several together; nginx/ and kubernetes/."""
