// PIECE docs/ci.md | From Jest | js
