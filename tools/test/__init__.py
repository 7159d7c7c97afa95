"""test"""
