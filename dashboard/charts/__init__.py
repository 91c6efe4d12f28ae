"""Frames → figures. Nothing here knows of Streamlit: a page, a test and a report draw the same figure.

palette      colours by meaning
canvas       what all figures share: fonts, margins, axes, units of money
toolbar      Plotly's tool bar: what it offers, in which words, PNG file names
savings      saving by month, rankings
prices       price drops, the paid price of a variety
completion   statuses, completion rates
retention    from budget to retained surplus
"""
