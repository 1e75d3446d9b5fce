"""The ground floor: findings, money, progress, words and cards, plurals, and what a participant sees."""
