"""codings"""
