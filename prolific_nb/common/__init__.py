"""The lowest layer: findings, money, progress, plurals, text and HTML cards, and the HTML that a participant sees."""
