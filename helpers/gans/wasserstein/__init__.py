"""wasserstein"""
