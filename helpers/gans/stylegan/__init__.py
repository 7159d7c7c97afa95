"""stylegan"""
