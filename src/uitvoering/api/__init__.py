"""HTTP under /api/v1: thin endpoints over the application, judged by the API Design Rules 2.2."""
