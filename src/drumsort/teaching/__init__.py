"""What a person says of sounds, and what the model learns from it."""
