"""PostgreSQL for what must last, Redis for what may expire."""
