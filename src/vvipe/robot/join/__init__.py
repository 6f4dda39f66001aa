"""The join: a person's signal, the demonstration it stands for, a policy, a moving world.

Figure 1.1 of Levy's thesis draws it; no experiment there joins the parts. This join is ours.
"""
