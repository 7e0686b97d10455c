"""Figures for coordinators, board, insurer and municipality: do waits fall?"""
