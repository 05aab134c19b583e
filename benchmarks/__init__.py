"""Figures of docs/: how fast Cairn is and what it holds, measured on the machine at hand.

`python -m benchmarks` runs all cases, `python -m benchmarks p3 p4` some. Each starts servers of
its own on loopback with folders of their own, loads them with one asyncio client for a bounded
time, and prints a table. Targets that are missed are printed as MISSED.
"""
