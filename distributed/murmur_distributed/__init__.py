"""Trains the networks of Murmur's model files with PyTorch, in one process or in many (torchrun)."""
