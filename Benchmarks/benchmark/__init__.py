"""The project's benchmark: scenarios, servers, measures and reports."""
