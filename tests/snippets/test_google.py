# PIECE docs/ci.md | From pytest | python
