"""Pages of the coordinator: the week, making a plan, who was left out, lists."""
