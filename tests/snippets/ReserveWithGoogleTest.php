// PIECE docs/ci.md | From PHPUnit | php
