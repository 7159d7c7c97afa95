"""tied"""
