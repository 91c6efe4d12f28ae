"""Pure functions from frames to frames; each opens with its formula, units and source.

attribution   which batch a purchase line belongs to
grain         lines → monthly purchases, the lowest grain
prices        baselines, awarded prices, price drops
agreements    agreed volumes with their prices and amounts
savings       what was saved, missed and expected
completion    how far the agreed volumes are bought
retention     the surplus that an institution keeps
indicators    what a score can be computed from; assessment makes the score
whatif        a settlement computed anew with other inputs; changes says which
guidance      a proposed reported volume
sharing       budgets that institutions share with the fund
prepayment    what the fund prepays for a batch, and its clearing
"""
