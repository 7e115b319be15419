"""The soak: three replicas on one Redis, people and vendors at their worst, and kill -9 for everybody."""
