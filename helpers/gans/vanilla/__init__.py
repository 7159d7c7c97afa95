"""vanilla"""
