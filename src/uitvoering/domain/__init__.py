"""The rules: what may be filed, handed on, restated, tested, answered and closed."""
