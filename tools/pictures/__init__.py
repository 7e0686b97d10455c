"""The pictures of docs/how-to, made anew on the running demo by one command."""
