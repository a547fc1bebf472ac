"""What the environment says: the settings, and the Celery application made from them."""
