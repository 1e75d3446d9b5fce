"""What spends money: publishing and bonuses."""
