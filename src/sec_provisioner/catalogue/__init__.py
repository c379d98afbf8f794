"""What the product ships: policy levels, tiers, groups and roles as typed values over data/."""
