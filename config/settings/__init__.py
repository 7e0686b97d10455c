"""One settings module per use: dev, test, production; base holds what they share."""
