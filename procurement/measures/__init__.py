"""Pure functions from frames to frames; each opens with its formula, units and source.

attribution   which batch a purchase line belongs to
grain         lines → monthly purchases, the lowest grain
prices        baselines, awarded prices, price drops
agreements    agreed volumes with their prices and amounts
savings       what was saved, missed and expected
completion    how far the agreed volumes are bought
retention     the surplus that an institution keeps
"""
