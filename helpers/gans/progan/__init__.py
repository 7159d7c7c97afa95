"""progan"""
