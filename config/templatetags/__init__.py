"""Template tags that every app's templates may use, registered as builtins."""
