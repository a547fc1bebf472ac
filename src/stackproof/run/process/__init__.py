"""A stack as plain local processes under one supervisor: no container engine, no root."""
