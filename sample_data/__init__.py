"""Invented institutions and purchases around published award prices; see README.md. Entry: make.py."""
