"""What happens in folders while they are watched, and what of it has come to rest."""
