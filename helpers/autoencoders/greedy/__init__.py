"""greedy"""
